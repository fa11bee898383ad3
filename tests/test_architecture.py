"""What keeps the house in order: one-way imports, one place that commits, one clock, fields from components only."""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from center.kernel.config import ROOT

CENTER = ROOT / "center"
TEMPLATES = ROOT / "templates"
# From below: the kernel, the parts of what is true, and above them all whoever sees it.
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(names.split())
    for names in (
        "kernel",
        "premises",
        "people",
        "notices",
        "organisations",
        "rooms",
        "bookings",
        "activities",
        "signups",
        "attendance",
        "feedback",
        "afterschool troupes incubator allocation",
        "timetable audit reminders",
        "web",
    )
)
ABOVE_ALL = {"center"}  # it makes the application
ABOVE_ALL_FOLDERS = ("app", "commands", "demo")
AREAS = {"public", "resident", "checkin", "workspace", "desk", "classroom", "settings"}
MODULES = sorted(CENTER.rglob("*.py"))
PAGES = sorted(TEMPLATES.rglob("*.html"))
# Where else pages catch what the domain refuses: how often, and why.
CATCHES = {
    "center/web/sending.py": (1, "the one way to send a form"),
    "center/web/steps/flow.py": (2, "a step keeps what was refused and shows it after a redirect"),
    "center/web/forms.py": (1, "a field's validator says it as validators do"),
    "center/web/workspace/new_views.py": (1, "what stands against a date is shown with other dates and rooms"),
    "center/web/workspace/views.py": (1, "what stands against a date is shown with other dates and rooms"),
}

# What pages inside a page use of its imports.
USED_INSIDE = {"templates/resident/signups/new.html": {"carry", "definition"}}

# Who may hand facts over by `**`, how often: what passes on what it is given.
UNNAMED = {
    "center/kernel/caching/fragment_cache.py": 1,
    "center/web/rendering.py": 1,
    "center/web/sending.py": 1,
    "center/web/slips.py": 1,
    "center/web/settings/saving.py": 1,
    "center/web/settings/uses_in_the_way/steps.py": 2,
}


def _id(file: Path) -> str:
    return str(file.relative_to(ROOT))


def _module(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def of_each(files: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """A test of every file, in one: thousands of small ones would take longer to count than to run."""

    def decorate(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            faults = []
            for file in files:
                try:
                    check(file)
                except AssertionError as fault:
                    faults.append(f"{_id(file)}: {fault}")
            assert not faults, "\n".join(faults)

        test.__name__, test.__doc__ = check.__name__, check.__doc__
        return test

    return decorate


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text())


def _layer(module: str) -> int | None:
    """How high the part lies that a module belongs to; None for what stands above all."""
    parts = module.split(".")
    if module in ABOVE_ALL or (len(parts) > 1 and parts[1] in ABOVE_ALL_FOLDERS):
        return None
    return next(n for n, names in enumerate(LAYERS) if parts[1] in names)


def _imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every imported module of our own, wherever in the file it is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"line {node.lineno}: imports are absolute"
            module = node.module or ""
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield node.lineno, inner if _is_module(inner) else module


def _is_module(name: str) -> bool:
    return name.startswith("center.") and _file(name).exists()


def _file(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every call as it is written, such as `db.session.commit`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def test_every_folder_has_a_place_in_the_order() -> None:
    folders = {file.parent.name for file in CENTER.glob("*/__init__.py")}
    assert folders - {name for names in LAYERS for name in names} - set(ABOVE_ALL_FOLDERS) == set()


def test_tests_lie_where_what_they_test_lies() -> None:
    """tests/<folder> has its center/<folder>, but for the whole house: journeys, fuzz, and what all tests use."""
    tests = ROOT / "tests"
    folders = {file.parent.relative_to(tests) for file in tests.rglob("test_*.py")} - {
        Path("."),
        Path("journeys"),
        Path("fuzz"),
    }
    assert sorted(str(folder) for folder in folders if not list((CENTER / folder).glob("*.py"))) == []


@of_each(MODULES)
def test_imports_point_one_way(file: Path) -> None:
    module = _module(file)
    here = _layer(module)
    if here is None:
        return
    part = module.split(".")[1]
    for line, name in _imports(_tree(file)):
        if name.split(".")[0] != "center" or (name.split(".")[1:2] or [""])[0] == part:
            continue
        there = _layer(name)
        assert there is not None, f"{_id(file)}:{line} imports {name}, which stands above everything"
        assert there < here, f"{_id(file)}:{line} imports {name}, which lies beside or above it"


@of_each([file.parent for file in MODULES if file.name == "__init__.py"])
def test_no_circle_inside_a_package(folder: Path) -> None:
    """Its folders and loose modules can be put in an order in which each imports only what stands before it."""
    package = ".".join(folder.relative_to(ROOT).parts)
    inner: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        here = _child(package, _module(file))
        leans_on = {_child(package, name) for _line, name in _imports(_tree(file))} - {here, ""}
        inner.setdefault(here, set()).update(leans_on)
    try:
        TopologicalSorter(inner).prepare()
    except CycleError as error:
        raise AssertionError(" imports ".join(reversed(error.args[1]))) from None


def _child(package: str, module: str) -> str:
    """Which folder or module of a package a module lies in; empty for what lies elsewhere, or is the package."""
    return module.removeprefix(f"{package}.").split(".")[0] if module.startswith(f"{package}.") else ""


@of_each(MODULES)
def test_areas_do_not_lean_on_each_other(file: Path) -> None:
    """What two of them need lies beside them in `center/web/`, and that leans on none of them."""
    web, area = ["center", "web"], _module(file).split(".")[2:3]
    if _module(file).split(".")[:2] != web:
        return
    for line, name in _imports(_tree(file)):
        there = name.split(".")[2:3] if name.split(".")[:2] == web else []
        assert not (set(there) & AREAS - set(area)), f"{_id(file)}:{line} imports {name}"


@of_each(MODULES)
def test_the_parts_know_no_page(file: Path) -> None:
    """No request, no form, no template: pages, the commands and the worker use the same actions."""
    layer = _layer(_module(file))
    if layer is None or LAYERS[layer] & {"kernel", "web"}:
        return
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = {alias.name for alias in node.names}
            assert node.module.split(".")[0] not in {"wtforms", "flask_wtf", "flask_login"}, _id(file)
            assert node.module != "flask" or names <= {"current_app", "g", "url_for"}, _id(file)


def test_what_staff_alone_may_use_lies_where_staff_work() -> None:
    staff = re.compile(r"^@requires\(", re.MULTILINE)
    views = [file for file in (CENTER / "web").rglob("*views.py") if staff.search(file.read_text())]
    staffed = {"desk", "classroom", "settings"}
    assert [_id(file) for file in views if file.relative_to(CENTER / "web").parts[0] not in staffed] == []


@of_each(MODULES)
def test_only_the_database_module_ends_transactions(file: Path) -> None:
    allowed = {
        "center.kernel.db": {"commit", "rollback", "begin", "begin_nested"},
        "center.kernel.transactions": {"commit"},  # of what was only read
        "center.web.edge": {"rollback"},
    }.get(_module(file), set())
    for line, call in _calls(_tree(file)):
        last = call.rpartition(".")[2]
        if last in {"commit", "rollback", "begin", "begin_nested"} and "." in call:
            assert last in allowed, f"{_id(file)}:{line} calls {call}(); write inside `with transaction():`"


@of_each(MODULES)
def test_actions_leave_the_transaction_to_the_view(file: Path) -> None:
    if file.stem in {"actions", "queries", "policy", "rules", "ledger"}:
        calls = [line for line, call in _calls(_tree(file)) if call.endswith("transaction")]
        assert calls == [], f"{_id(file)} begins a transaction itself"


@of_each([file for file in MODULES if _module(file).startswith("center.web.")])
def test_forms_and_buttons_are_sent_in_one_way(file: Path) -> None:
    """What the domain refuses is caught in `center/web/sending.py` alone, or where `CATCHES` says why."""
    caught = [node.type for node in ast.walk(_tree(file)) if isinstance(node, ast.ExceptHandler) and node.type]
    found = [line.lineno for line in caught if re.search(r"\b(DomainError|RuleBroken|Conflict)\b", ast.unparse(line))]
    assert len(found) <= CATCHES.get(_id(file), (0, ""))[0], f"lines {found} catch a refusal; use center/web/sending.py"


@of_each(MODULES)
def test_only_the_clock_reads_the_time(file: Path) -> None:
    if _module(file) == "center.kernel.clock":
        return
    banned = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time|func\.now|func\.current_\w+)$")
    for line, call in _calls(_tree(file)):
        assert not banned.search(call), f"{_id(file)}:{line} calls {call}(); use clock.now()"


def test_only_one_module_chooses_the_sqlite() -> None:
    everywhere = [*MODULES, *(ROOT / "bench").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    drivers = re.compile(r"^\s*(?:import|from) (?:sqlite3|pysqlite3)\b", re.MULTILINE)
    assert [_id(file) for file in everywhere if drivers.search(file.read_text())] == ["center/kernel/sqlite.py"]


@of_each(MODULES)
def test_queries_are_written_with_select(file: Path) -> None:
    for node in ast.walk(_tree(file)):
        written = ast.unparse(node) if isinstance(node, ast.Attribute) else ""
        assert not re.search(r"(session|\b[A-Z]\w*)\.query$", written), f"{_id(file)} uses {written}; write select(...)"


@of_each([file for file in MODULES if file.stem == "rules"])
def test_rules_are_pure(file: Path) -> None:
    impure = {
        "flask",
        "flask_login",
        "flask_wtf",
        "flask_sqlalchemy",
        "center.kernel.clock",
        "center.kernel.db",
        "center.web.edge",
    }
    for line, name in _imports(_tree(file)):
        assert name not in impure, f"{_id(file)}:{line} imports {name}; rules get facts passed in"


@of_each(MODULES)
def test_every_module_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(_tree(file)), f"{_id(file)} has no docstring"


def test_templates_are_given_their_words_in_one_place() -> None:
    gives = re.compile(r"template_(?:global|filter|test)\b|context_processor\b|jinja_env\.(?:globals|filters|tests)\b")
    giving = [_id(file) for file in MODULES if gives.search(file.read_text())]
    assert giving == ["center/kernel/i18n.py", "center/web/template_words.py"]


def test_no_word_of_templates_reads_the_database() -> None:
    """Each lies in a module that could not: what a page shows of the database, its view hands over."""
    reads = re.compile(r"sqlalchemy.*|center\.kernel\.db|center\..*\.(?:queries|actions)")
    # What the frame of a page shows is read once a request; a piece that is drawn forbids reading.
    read_first = {"center.notices.queries", "center.signups.to_answer", "center.kernel.transactions"}
    read_first |= {"center.kernel.caching.fragment_cache", "center.kernel.caching.read_cache"}
    words = {name for _line, name in _imports(_tree(CENTER / "web" / "template_words.py")) if _is_module(name)}
    tables = {name for name in words if name.endswith(".models")}
    for name in words - read_first - tables:
        read = [each for _line, each in _imports(_tree(_file(name))) if reads.fullmatch(each)]
        assert read == [], f"{name} imports {read}"


@of_each(MODULES)
def test_pages_of_many_facts_say_which(file: Path) -> None:
    """More than eight facts are a dataclass, shown by `render`; none come unnamed, by `**`."""
    beside = {"render_template": 0, "form_page": 1, "slip": 1}  # what each hands over besides: the form, the switch
    unnamed = 0
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Call) and (shows := ast.unparse(node.func).rpartition(".")[2]) in beside:
            facts = len(node.keywords) + beside[shows]
            assert facts <= 8, f"{_id(file)}:{node.lineno} hands {facts} facts to a template"
            unnamed += any(each.arg is None for each in node.keywords)
    assert unnamed <= UNNAMED.get(_id(file), 0), f"{unnamed} pages get facts by `**`; name each"


@of_each([file for file in MODULES if _module(file).startswith("center.web.")])
def test_pages_are_given_what_they_show(file: Path) -> None:
    """By name or as the field of a dataclass: what no template reads is often a query for nothing."""
    source = file.read_text()
    pages = set(re.findall(r'"([\w/]+\.html)"', source))
    read = {word for page in pages for word in _words_of(page)}
    for node in ast.walk(_tree(file)) if read else ():
        if isinstance(node, ast.ClassDef) and node.name.endswith("Page"):
            fields = [ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign)]
            unread = [name for name in fields if name not in read and f".{name}" not in source]
            assert unread == [], f"line {node.lineno}: {unread} of {node.name}"
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"render_template", "form_page"}:
            page = node.args[0] if node.args else None
            if not isinstance(page, ast.Constant):
                continue  # whoever names the page says what it shows
            unread = [each.arg for each in node.keywords if each.arg and each.arg not in _words_of(str(page.value))]
            assert unread == [], f"line {node.lineno} gives {unread}"


@cache
def _words_of(page: str) -> frozenset[str]:
    """Of a template with all that it extends, includes and imports; of one that is not there, none."""
    seen, left, words = set(), [page], set[str]()
    while left:
        if (file := TEMPLATES / left.pop()) in seen or not file.exists():
            continue
        seen.add(file)
        words.update(re.findall(r"\w+", source := file.read_text()))
        left += re.findall(r"{%-?\s*(?:extends|include|from|import)\s+\"([^\"]+)\"", source)
    return frozenset(words)


@of_each(PAGES)
def test_pages_import_what_they_use(file: Path) -> None:
    """But for what a page inside another one uses of it."""
    source = file.read_text()
    for listed in re.findall(r"{%-?\s*from\s+\S+\s+import\s+([^%]+?)(?:\s+with context)?\s*-?%}", source):
        names = {each.split(" as ")[-1].strip() for each in listed.split(",")} - USED_INSIDE.get(_id(file), set())
        assert [name for name in sorted(names) if len(re.findall(rf"\b{name}\b", source)) < 2] == []


@of_each(PAGES)
def test_fields_come_from_components(file: Path) -> None:
    if file.is_relative_to(TEMPLATES / "components"):
        return
    assert re.findall(r"<(?:input|select|textarea)\b", file.read_text()) == []


@of_each(PAGES)
def test_pages_have_no_inline_style_or_script(file: Path) -> None:
    source = file.read_text()
    assert re.findall(r"<[a-z][^>]*\sstyle\s*=", source) == []
    assert re.findall(r"<[a-z][^>]*\son[a-z]+\s*=", source) == []
    assert re.findall(r"<style\b", source) == []
    assert re.findall(r"<script\b(?![^>]*\ssrc=)[^>]*>", source) == []
    assert re.findall(r"javascript:", source) == []
    assert re.findall(r"(?:src|href)=[\"'](?:https?:)?//", source) == [], "everything is served from here"


@of_each(PAGES)
def test_post_forms_carry_a_token(file: Path) -> None:
    source = file.read_text()
    for form in re.findall(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", source, re.DOTALL | re.IGNORECASE):
        assert re.search(r"hidden\(|csrf_token", form), f"{_id(file)}: a form without a CSRF token"


def test_the_software_names_no_centre_of_its_own() -> None:
    """Another centre can run the same software: this one's name is in its data only."""
    files = [*MODULES, *PAGES, *(ROOT / "static").glob("css/*"), *(ROOT / "static").glob("js/**/*.js")]
    named = [_id(f) for f in files if "demo" not in _id(f) and re.search(r"Qinghe|青和", f.read_text())]
    assert named == []


def test_words_of_many_meanings_keep_one() -> None:
    """A reader once met seven classes called Standing and ten called Wanted."""
    kept = {"Standing": "timetable", "Wanted": "bookings", "Wish": "", "Line": "afterschool", "Settle": "", "Keep": ""}
    found = [(each.name, file) for file in MODULES for each in _tree(file).body if isinstance(each, ast.ClassDef)]
    assert [f"{name}: {_id(file)}" for name, file in found if kept.get(name, file.parts[-2]) not in _id(file)] == []


def test_documents_name_files_that_are_there() -> None:
    """A newcomer looks where `docs/architecture.md` and `docs/words.md` send them."""
    named = re.compile(
        r"`((?:center|templates|static|tests|migrations|docs)/[\w./-]+|[a-z_]+(?:/[a-z_]+)*/[a-z_]+\.py)`"
    )
    gone = [
        f"{document}: {path}"
        for document in ("docs/architecture.md", "docs/words.md")
        for path in named.findall((ROOT / document).read_text())
        if not (ROOT / path).exists() and not (CENTER / path).exists()
    ]
    assert gone == []
