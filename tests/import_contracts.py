"""Contracts of imports that import-linter does not bring: no circle of modules at run time."""

from collections.abc import Iterator

import grimp
from importlinter import Contract, ContractCheck, output


class NoCircles(Contract):
    """No module imports, by however many others, one that imports it. What only type checkers import does not count."""

    type_name = "no_circles"

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Look at the graph without imports under TYPE_CHECKING, which the graph given has."""
        roots = self.session_options["root_packages"]
        found = list(circles(grimp.build_graph(*roots, exclude_type_checking_imports=True, cache_dir=None)))
        return ContractCheck(kept=not found, metadata={"circles": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name the modules of each circle."""
        for circle in check.metadata["circles"]:
            output.print_error(" -> ".join([*circle, circle[0]]))
            output.new_line()


def circles(graph: grimp.ImportGraph) -> Iterator[list[str]]:
    """A shortest way round for each module on a circle whose other modules have not been named yet."""
    named: set[str] = set()
    for module in sorted(graph.modules):
        ways = (
            graph.find_shortest_chain(behind, module)
            for behind in sorted(graph.find_modules_directly_imported_by(module))
        )
        found = min((way for way in ways if way), key=len, default=None)
        if found is not None and named.isdisjoint(found):
            named.update(found)
            yield [module, *found[:-1]]
