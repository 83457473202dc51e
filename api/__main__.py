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

REGION = {
    "schools": "number of schools (default: 900)",
    "large": "how many of them have 28 to 40 classes of 25 (default: 20)",
    "seed": "number that chance begins from (default: 1)",
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
    """Load the demo, with an invented region beside it if it is wanted; or look whether what is there holds."""
    from api.commands.structure import check_database, seed_database

    region = {name: getattr(arguments, name) for name in REGION if getattr(arguments, name) is not None}
    if not arguments.check:
        seed_database(load_settings(), arguments.size, region, say)
    else:
        check_database(load_settings(), say)


def catalogue(arguments: argparse.Namespace) -> None:
    """Write the catalogue into a migrated database."""
    from api.commands.structure import write_catalogue

    write_catalogue(load_settings(), say)


def reset(arguments: argparse.Namespace) -> None:
    """Forget the demo."""
    from api.commands.structure import reset_database

    reset_database(load_settings(), confirmed=arguments.yes, say=say)


def backup(arguments: argparse.Namespace) -> None:
    """Write the database into a file."""
    from api.commands.backup import back_up

    back_up(load_settings(), arguments.file, say)


def restore(arguments: argparse.Namespace) -> None:
    """Fill an empty database from a file."""
    from api.commands.backup import bring_back

    bring_back(load_settings(), arguments.file, say)


def grant(arguments: argparse.Namespace) -> None:
    """Give an organisation its first administrator."""
    from api.commands.access import grant_administrator

    grant_administrator(load_settings(), {name: getattr(arguments, name) for name in ADMINISTRATOR}, say)


def token(arguments: argparse.Namespace) -> None:
    """Print a demo person's access token."""
    from api.commands.access import print_token

    print_token(load_settings(), arguments.person, arguments.client, say)


def import_file(arguments: argparse.Namespace) -> None:
    """Bring a file in."""
    from api.commands.imports import import_file

    options = {
        "journalId": arguments.journal and f"Journal:{arguments.journal.rpartition(':')[2]}",
        "createLessons": arguments.create_lessons,
        "skipOutsidePeriod": arguments.skip_outside_period,
        "createClasses": arguments.create_classes,
    }
    given = {
        "organisation": arguments.organisation,
        "person": arguments.person,
        "kind": arguments.kind.upper().replace("-", "_"),
        "mode": "ROW_BY_ROW" if arguments.row_by_row else "ALL_OR_NOTHING",
        "dryRun": arguments.dry_run,
        "overwrite": arguments.overwrite,
        "options": {name: option for name, option in options.items() if option},
    }
    import_file(load_settings(), arguments.file, given, say)


def import_template(arguments: argparse.Namespace) -> None:
    """Write a template to be filled in."""
    from api.commands.imports import write_template

    write_template(arguments.name, arguments.output, say)


def sdl(arguments: argparse.Namespace) -> None:
    """Print the contract, or check the committed one."""
    from api.commands.contract import check_sdl, print_sdl

    (check_sdl if arguments.check else print_sdl)(say)


def matrix(arguments: argparse.Namespace) -> None:
    """Print who sees what."""
    from api.commands.contract import print_matrix

    print_matrix(arguments.format, say)


def errors(_: argparse.Namespace) -> None:
    """Print the catalogue of errors."""
    from api.commands.contract import print_errors

    print_errors(say)


def documents(arguments: argparse.Namespace) -> None:
    """Add trusted documents, or list them."""
    from api.commands.documents import add_documents, list_documents

    if arguments.action == "add":
        add_documents(load_settings(), arguments.files, say)
    else:
        list_documents(load_settings(), say)


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
    _add_imports(verbs)
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
    sizes = "how much (default: demo); region: hundreds of schools beside it, 2 million marks, minutes"
    seeding.add_argument("--size", choices=["tiny", "demo", "region"], default="demo", help=sizes)
    for name, meaning in REGION.items():
        seeding.add_argument(f"--{name}", type=int, help=f"region: {meaning}")
    seeding.add_argument("--check", action="store_true", help="load nothing, look whether what is there is sound")
    backing = _add(verbs, "backup", backup, "write the whole database into a new file", "vhod.backup")
    backing.add_argument("file", help="file to make; - writes to the standard output, to be encrypted on its way")
    bringing = _add(verbs, "restore", restore, "fill an empty database from a backup, all or nothing", "vhod.backup")
    bringing.add_argument("file", help="file that backup has made")
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
    minting.add_argument("person", help="key of a demo person; `run` lists them; or a service: federal-system")
    minting.add_argument("--client", default="vhod-spa", help="client that the token is for (default: vhod-spa)")


def _add_imports(verbs: Verbs) -> None:
    example = "people class.xlsx --organisation 1027400000000 --as deputy-head --row-by-row"
    bringing = _add(verbs, "import", import_file, "bring a file in, in somebody's name and with their rights", example)
    bringing.add_argument("kind", choices=["journal-page", "organisations", "people"], help="what the file holds")
    bringing.add_argument("file", help="CSV or XLSX")
    bringing.add_argument("--organisation", required=True, help="OGRN or id of the organisation")
    bringing.add_argument("--as", dest="person", required=True, help="id of the person, or subject of their account")
    bringing.add_argument("--dry-run", action="store_true", help="report everything, write nothing")
    bringing.add_argument("--row-by-row", action="store_true", help="take in what can be; default: all or nothing")
    bringing.add_argument("--overwrite", action="store_true", help="change also what was entered by hand")
    bringing.add_argument("--journal", help="journal-page: id of the page")
    for name, meaning in {
        "create-lessons": "journal-page: add lessons that the page does not have",
        "skip-outside-period": "journal-page: leave columns outside the period aside",
        "create-classes": "people: add classes that the school does not have",
    }.items():
        bringing.add_argument(f"--{name}", action="store_true", help=meaning)
    filling = _add(verbs, "import-template", import_template, "write a table to be filled in", "people")
    filling.add_argument("name", choices=["people", "staff", "journal-page"], help="what it is for")
    filling.add_argument("--output", help="file to write (default: NAME.xlsx)")


def _add_contract(verbs: Verbs) -> None:
    printing = _add(verbs, "sdl", sdl, "print the GraphQL schema", "> schema/schema.graphql")
    printing.add_argument("--check", action="store_true", help="only tell whether schema/schema.graphql is fresh")
    seeing = _add(verbs, "matrix", matrix, "print who sees what: roles by fields", "--format csv")
    seeing.add_argument("--format", choices=["csv", "json", "md"], default="md", help="form of the table (default: md)")
    about = "add trusted documents to the folder VHOD_DOCUMENTS, or list them with their ids"
    trusting = _add(verbs, "documents", documents, about, "add DiaryWeek.graphql")
    trusting.add_argument("action", choices=["add", "list"], help="what to do")
    trusting.add_argument("files", nargs="*", help="add: files with one named operation each")
    _add(verbs, "errors", errors, "print what each code of an error means", "> docs/errors.md")


if __name__ == "__main__":
    main()
