"""What README and docs/ tell people to type exists; what they link to is there."""

import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

from pii.cli import main
from pii.rules import RULES

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "data").glob("*.md")])
IDS = [str(page.relative_to(ROOT)) for page in PAGES]

FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
SHELL = ("sh", "bat")


def prose(text: str) -> str:
    return FENCE.sub("", text)


def pii_calls(text: str) -> list[list[str]]:
    """Arguments of every call of pii: lines of shell blocks, and code within sentences."""
    lines = [
        line for lang, body in FENCE.findall(text) if lang in SHELL for line in body.split("\n")
    ]
    lines += INLINE.findall(prose(text))
    calls = []
    for line in lines:
        if not re.match(r"(\S*[/\\])?pii\s+\S", line):
            continue
        words = shlex.split(line.replace("\\", "/"), comments=True)
        calls.append(words[1:])
    return calls


def refused(call: list[str]) -> str:
    """What the CLI does not know of a call; empty where it knows everything."""
    if call[0] in ("--help", "--version", "COMMAND"):
        return ""
    command = main.commands.get(call[0])
    if command is None:
        return f"no command {call[0]}"
    if isinstance(command, click.Group) and len(call) > 1 and call[1] in command.commands:
        call, command = call[1:], command.commands[call[1]]
    known = {
        option
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
    } | {"--help"}
    unknown = [word for word in call[1:] if word.startswith("--") and word not in known]
    return f"{call[0]} has no {', '.join(unknown)}" if unknown else ""


def anchors(page: Path) -> set[str]:
    """Anchors of the headings of a page, as GitHub makes them."""
    heads = re.findall(r"^#+ +(.*)$", prose(page.read_text("utf-8")), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()) for head in heads)
    return {head.strip().replace(" ", "-") for head in plain}


def lost_links(page: Path) -> list[str]:
    lost = []
    for link in LINK.findall(prose(page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = unquote(link).partition("#")
        target = (page.parent / path).resolve() if path else page
        inside = target.is_relative_to(ROOT) and target.exists()
        if not inside or (anchor and anchor not in anchors(target)):
            lost.append(link)
    return lost


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_command_and_option_exists(page: Path) -> None:
    calls = pii_calls(page.read_text("utf-8"))
    assert [problem for call in calls if (problem := refused(call))] == []


def test_the_commands_are_found_at_all() -> None:
    calls = pii_calls((ROOT / "README.md").read_text("utf-8"))
    assert {call[0] for call in calls} >= set(main.commands)


def test_options_named_in_sentences_exist_somewhere() -> None:
    commands = list(main.commands.values())
    commands += [c for g in commands if isinstance(g, click.Group) for c in g.commands.values()]
    known = {"--help", "--version"} | {
        option for command in commands for p in command.params for option in p.opts
    }
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        named = re.findall(r"`(--[a-z-]+)", prose(page.read_text("utf-8")))
        assert set(named) <= known, page


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```sh\npii rank runs\n```", "no command rank"),
        ("```bat\n.venv\\Scripts\\pii run in --into out\n```", "run has no --into"),
        ("say `pii check x --fast`", "check has no --fast"),
    ],
)
def test_a_call_that_does_not_exist_is_noticed(text: str, problem: str) -> None:
    assert [refused(call) for call in pii_calls(text)] == [problem]


@pytest.mark.parametrize("page", PAGES, ids=IDS)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert lost_links(page) == []


def test_a_lost_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Here\n[a](#here) [b](#there) [c](gone.md) [d](https://example.org)", "utf-8")
    assert lost_links(page) == ["#here", "#there", "gone.md"]  # outside the project: none is good


def test_make_targets_named_in_readme_exist() -> None:
    targets = set(re.findall(r"^([\w./-]+(?: [\w./-]+)*):", (ROOT / "Makefile").read_text(), re.M))
    single = {target for line in targets for target in line.split()}
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        text = page.read_text("utf-8")
        named = re.findall(r"(?:^|`)make ([\w./-]+)", text, re.MULTILINE)
        assert set(named) <= single, page


def test_files_that_commands_read_exist() -> None:
    text = (ROOT / "README.md").read_text("utf-8").replace("\\", "/")
    named = set(re.findall(r"(?:data|requirements)/[\w./-]+\.(?:yaml|csv|txt)", text))
    assert len(named) >= 4
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_pictures_are_small_and_shown() -> None:
    pictures = list((ROOT / "docs" / "images").iterdir())
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    assert pictures
    assert [p.name for p in pictures if f"images/{p.name})" not in shown] == []
    assert [p.name for p in pictures if p.stat().st_size > 150 * 1024] == []


def test_python_in_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    blocks = [
        body
        for lang, body in FENCE.findall((ROOT / "README.md").read_text("utf-8"))
        if lang == "python"
    ]
    assert len(blocks) == 1
    exec(compile(blocks[0], "README.md", "exec"), {})
    assert "75.57" in capsys.readouterr().out


def test_changelog_says_what_moves_scores() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    releases = re.split(r"^## ", text, flags=re.MULTILINE)[1:]
    assert releases
    for release in releases:
        section = re.search(r"^### Changes that move scores\n+- \S", release, re.MULTILINE)
        assert section, release.partition("\n")[0]


def test_every_rule_is_explained_to_provinces() -> None:
    guide = (ROOT / "docs" / "huong-dan-dia-phuong.md").read_text("utf-8")
    assert "rules.md" in {link.partition("#")[0] for link in LINK.findall(guide)}
    page = (ROOT / "docs" / "rules.md").read_text("utf-8")
    rows = re.findall(r"^\*\*([A-Z]\d{3})\*\* (\w+): .*  \n\*.+\*$", page, re.MULTILINE)
    assert dict(rows) == {code: rule.severity.value for code, rule in RULES.items()}
