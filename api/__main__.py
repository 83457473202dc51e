"""The command line: python -m api VERB."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import TypeAlias

from api.commands import CommandError
from api.commands.environment import end_in_order_on_sigterm, known_problems, load_settings

Verb = Callable[[argparse.Namespace], None]
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
ADMINISTRATOR = {
    "issuer": "issuer of the person's identity, as in VHOD_ISSUERS",
    "subject": "the person's subject at that issuer",
    "last_name": "last name",
    "first_name": "first name",
    "organisation": "OGRN or id of the organisation",
}


def main() -> None:
    """Run the verb that was asked for; a known problem is told in one line, without a traceback."""
    arguments = _parser().parse_args()
    end_in_order_on_sigterm()
    try:
        with known_problems():
            arguments.verb(arguments)
    except CommandError as error:
        sys.exit(f"vhod: {error}")
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # `... | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def serve(arguments: argparse.Namespace) -> None:
    """Serve a migrated database; as `run` migrate it first and fill an empty one."""
    from api.commands.serve import serve

    settings = load_settings(host=arguments.host, port=arguments.port)
    serve(settings, demo=arguments.demo, workers=arguments.workers, say=say)


def migrate(_: argparse.Namespace) -> None:
    """Bring the database to the newest version."""
    from api.commands.structure import migrate_database

    migrate_database(load_settings(), say)


def seed(arguments: argparse.Namespace) -> None:
    """Load the demo region."""
    from api.commands.structure import seed_database

    seed_database(load_settings(), arguments.size, say)


def catalogue(arguments: argparse.Namespace) -> None:
    """Write the catalogue into a migrated database."""
    from api.commands.structure import write_catalogue

    write_catalogue(load_settings(), say)


def reset(arguments: argparse.Namespace) -> None:
    """Forget the demo."""
    from api.commands.structure import reset_database

    reset_database(load_settings(), confirmed=arguments.yes, say=say)


def grant(arguments: argparse.Namespace) -> None:
    """Give an organisation its first administrator."""
    from api.commands.access import grant_administrator

    grant_administrator(load_settings(), {name: getattr(arguments, name) for name in ADMINISTRATOR}, say)


def token(arguments: argparse.Namespace) -> None:
    """Print a demo person's access token."""
    from api.commands.access import print_token

    print_token(load_settings(), arguments.person, arguments.client, say)


def sdl(arguments: argparse.Namespace) -> None:
    """Print the contract, or check the committed one."""
    from api.commands.contract import check_sdl, print_sdl

    (check_sdl if arguments.check else print_sdl)(say)


def matrix(arguments: argparse.Namespace) -> None:
    """Print who sees what."""
    from api.commands.contract import print_matrix

    print_matrix(arguments.format, say)


def say(line: str) -> None:
    """Print a line at once, also into a pipe."""
    print(line, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m api",
        description="Vhod: serve, prepare and inspect. Settings come from the environment: api/settings.py.",
    )
    verbs: Verbs = parser.add_subparsers(metavar="VERB", required=True)
    _add_servers(verbs)
    _add_database(verbs)
    _add_access(verbs)
    _add_contract(verbs)
    return parser


def _add(verbs: Verbs, name: str, verb: Verb, about: str, example: str = "") -> argparse.ArgumentParser:
    added = verbs.add_parser(
        name,
        help=about,
        description=f"{about[0].upper()}{about[1:]}.",
        epilog=f"example: python -m api {name} {example}",
    )
    added.set_defaults(verb=verb)
    return added


def _add_servers(verbs: Verbs) -> None:
    run = _add(
        verbs, "run", serve, "start everything: migrate, fill an empty database with the demo, serve", "--port 8001"
    )
    plain = _add(verbs, "serve", serve, "serve a migrated database", "--host 0.0.0.0 --workers 4")
    for parser in (run, plain):
        parser.add_argument("--host", help="address to listen on (default: HOST or 127.0.0.1)")
        parser.add_argument("--port", type=int, help="TCP port (default: PORT or 8000)")
        parser.add_argument("--workers", type=int, default=1, help="number of processes (default: 1)")
    run.set_defaults(demo=True)
    plain.add_argument("--demo", action="store_true", help="the same as the verb run")


def _add_database(verbs: Verbs) -> None:
    _add(verbs, "migrate", migrate, "bring the database of DATABASE_URL, or the private one, to the newest version")
    _add(verbs, "catalogue", catalogue, "write indicators, targets and methodologies anew (migrate does it too)")
    seeding = _add(verbs, "seed", seed, "migrate and load the demo region", "--size tiny")
    seeding.add_argument("--size", choices=["tiny", "demo"], default="demo", help="how much (default: demo)")
    resetting = _add(verbs, "reset", reset, "forget the demo: the next run starts from empty", "--yes")
    resetting.add_argument("--yes", action="store_true", help="really drop our schemas of DATABASE_URL")


def _add_access(verbs: Verbs) -> None:
    about = "give an organisation its first administrator"
    example = (
        "--issuer https://id.example --subject 1000 --last-name Иванова --first-name Анна --organisation 1027400000000"
    )
    granting = _add(verbs, "grant", grant, about, example)
    for name, meaning in ADMINISTRATOR.items():
        granting.add_argument(f"--{name.replace('_', '-')}", required=True, help=meaning)
    minting = _add(verbs, "token", token, "print an access token of a demo person (development only)", "teacher")
    minting.add_argument("person", help="key of a demo person; `run` lists them")
    minting.add_argument("--client", default="vhod-spa", help="client that the token is for (default: vhod-spa)")


def _add_contract(verbs: Verbs) -> None:
    printing = _add(verbs, "sdl", sdl, "print the GraphQL schema", "> schema/schema.graphql")
    printing.add_argument("--check", action="store_true", help="only tell whether schema/schema.graphql is fresh")
    seeing = _add(verbs, "matrix", matrix, "print who sees what: roles by fields", "--format csv")
    seeing.add_argument("--format", choices=["csv", "md"], default="md", help="form of the table (default: md)")


if __name__ == "__main__":
    main()
