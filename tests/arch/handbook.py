"""handbook.py TOP JIBAN [JIBAND]: what the handbook names and the program does not have.

Reads doc/handbook/*.zh.md and *.en.md and the program's own tables: actions.def, commands.def,
fields.def, states.def, roles.def, the views and filters of the store, routes.def, policy.json, org.json,
the translations, and what --help of both programs says. Prints one complaint a line, "CHECK<TAB>TEXT";
"count<TAB>N" at last says how many spans between backquotes were read.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

top = Path(sys.argv[1])
programs = {"jiban": sys.argv[2], "jiband": sys.argv[3] if len(sys.argv) > 3 else ""}
book = top / "doc/handbook"


def complain(check, text):
    print(f"{check}\t{text}")


def read(path):
    return (top / path).read_text(encoding="utf-8")


# ---- the program's tables ---------------------------------------------------------------------------
fields, choices = {}, set()
for block in re.split(r"^(?=FIELD\()", read("core/case/fields.def"), flags=re.M)[1:]:
    name, word = re.match(r'FIELD\((\w+), "(\w+)"', block).groups()
    fields[name] = word
    choices |= set(re.findall(r'CHOICE\("(\w+)"', block))
text = read("core/case/commands.def").replace("\\\n", "")
taken_down = set(re.findall(r"ARG\((\w+)\)", re.search(r"#define TAKEN_DOWN(.*)", text).group(1)))
commands, arguments = {}, {}
for block in re.split(r"^(?=COMMAND\()", text, flags=re.M)[1:]:
    name, word, alias = re.match(r'COMMAND\((\w+), "(\w+)", (?:NULL|"(\w+)")', block).groups()
    takes = set(re.findall(r"(?:ARG|NEED)\((\w+)\)", block))
    takes |= taken_down if "TAKEN_DOWN" in block.split("#undef")[0] else set()
    commands[name] = {word, alias} - {None}
    for each in commands[name]:
        arguments[each] = {fields[a] for a in takes}
actions = []  # (keys, words)
for keys_word in re.finditer(r'^ACTION\(\w+, "(\w+)", [^"]*"([^"]*)", (\w+),', read("tui/actions.def"), re.M):
    word, keys, command = keys_word.groups()
    actions.append((set(keys.split()), {word} | commands.get(command, set())))
keys = set().union(*(a[0] for a in actions))
words = set().union(*(a[1] for a in actions)) | {w for c in commands.values() for w in c}
store = "".join(f.read_text(encoding="utf-8") for f in sorted((top / "core/store").glob("*.[cd]*")))
views = dict(re.findall(r'(?:\[VIEW_\w+\] = \{|^VIEW\(\w+, )"(\w+)", N_\("([^"]+)"\)', store, re.M))
table = read("core/store/filter.def")
measured = re.findall(r'^KEY\(\w+, "(\w+)", (?:TIME|SPAN|NUMBER)', table, re.M)
filters = [f"{key}:" for key in re.findall(r'^KEY\(\w+, "(\w+)"', table, re.M)]
filters += [key + sign for key in measured for sign in ("<=", ">=", "<", ">")]
flags = set(re.findall(r'^IS\(\w+, "(\w+)"', table, re.M))
groups = set(re.findall(r'^\s*\{"(\w+)", S\(', read("core/store/filter.c"), re.M))
states = set(re.findall(r"^STATE\((\w+)", read("core/case/states.def"), re.M))
roles = set(re.findall(r'^ROLE\(\w+, "(\w+)"', read("core/case/roles.def"), re.M))
routes = set(re.findall(r'^ROUTE\("\w+", "([^"]+)"', read("server/routes.def"), re.M))
themes = {f.stem for f in (top / "themes").glob("*.theme")}
policy = json.loads(read("data/policy.json"))
users = {p["user"] for p in json.loads(read("data/org.json"))["people"]}
store_files = set(re.findall(r"^\.It Pa PATH(\S*)", read("doc/jiband.8.in").replace("\\-", "-"), re.M))

# What the screens say, English to Chinese; signs and blanks around a text are no part of it.
zh_of = {}
for block in read("po/zh_CN.po").split("\n\n"):
    found = re.search(r'^msgid ((?:".*"\n?)+)msgstr(?:\[0\])? ((?:".*"\n?)+)', block, re.M)
    if found:
        en, zh = ("".join(re.findall(r'"((?:[^"\\]|\\.)*)"', part)).strip(" *") for part in found.groups())
        zh_of[en] = zh
labels = {"en": set(zh_of), "zh": set(zh_of.values())}
times = next(label for label in zh_of if label.startswith("Not a time. ")).rstrip(".").partition(": ")[2].split(", ")
later = next(label for label in zh_of if label.startswith("Not a time to send at. Write "))
times += re.findall(r"[-+\d][-:\d ]*[\dh]", later)
options_of = {f"{section}.{name}" for section, name in
              re.findall(r'^OPTION\(\w+, "(\w+)", "(\w+)"', read("core/base/options.def"), re.M)}

usage = {}  # program -> ({word: its line}, options, options with a value), as --help says
for name, path in programs.items():
    said = subprocess.run([path, "--help"], capture_output=True, text=True, check=False).stdout if path else ""
    usage[name] = ({line.split()[0]: line for line in said.splitlines() if re.match(r"  [a-z]+( |$)", line)},
                   set(re.findall(r"--[a-z][a-z-]*", said)),
                   set(re.findall(r"^ +(?:-\w, )?(--[a-z-]+) [A-Z]", said, re.M)))


def policy_at(path):
    """What stands in the policy document under this path, or None."""
    here = policy
    for step in path.split("."):
        if not isinstance(here, dict) or step not in here:
            return None
        here = here[step]
    return here


# ---- one span ---------------------------------------------------------------------------------------
def filter_fault(span):
    if span.lstrip("-") in flags:
        return None
    span = span.lstrip("-")
    kind = next((f for f in filters if span.startswith(f)), None)
    value = span[len(kind):] if kind else ""
    known = {"state:": states | groups, "view:": views, "handler:": users | {"me"}}.get(kind)
    return None if kind and value and (known is None or value in known) else f"no filter {span}"


def call_fault(line):
    """A call of one of the programs, as typed."""
    tokens = line.split()
    program, rest = tokens[0], tokens[1:]
    if not programs[program]:
        return None
    lines, options, with_value = usage[program]
    plain, skip = [], False
    for token in rest:
        if skip:
            skip = False
        elif token.startswith("-"):
            if token not in options | {"--help"}:
                return f"{program} has no option {token}"
            skip = token in with_value
        else:
            plain.append(token)
    if not plain:
        return None
    if plain[0] not in lines:
        return f"{program} has no word {plain[0]}"
    parts = re.sub(r"--[a-z-]+ \S+", "", lines[plain[0]])  # without the values of options
    if program == "jiband" and "|" in parts and len(plain) > 1:
        if not re.search(rf"(^|[ |]){plain[1]}([ |]|$)", parts):
            return f"jiband {plain[0]} has no {plain[1]}"
    if program == "jiban" and plain[0] == "list":
        return next(filter(None, map(filter_fault, plain[1:])), None)
    if program == "jiban" and plain[0] == "do":
        if plain[2] not in arguments:
            return f"no command {plain[2]}"
        for pair in plain[3:]:
            if pair.split("=")[0] not in arguments[plain[2]]:
                return f"{plain[2]} takes no {pair.split('=')[0]}"
    return None


def span_fault(span):
    if re.match(r"jiband?( |$)", span):
        return call_fault(span)
    if span.startswith(":") and len(span) > 1:
        word, _, name = span[1:].partition(" ")
        if word.replace("-", "_") not in words:
            return f"no command {span}"
        known = {"view": views, "theme": themes}.get(word)
        return f"no {word} {name}" if name and known is not None and name not in known else None
    if " = " in span:
        path, _, value = span.partition(" = ")
        there = policy_at(path)
        as_text = str(there).lower() if isinstance(there, bool) else str(there)
        return None if as_text == value else f"{path} is {as_text} in policy.json, not {value}"
    if any(span.lstrip("-").startswith(f) for f in filters) or span.lstrip("-") in flags:
        return filter_fault(span)
    if span.startswith("--"):
        calls = [call_fault(f"{program} {span}") for program in programs if programs[program]]
        return None if None in calls or not programs["jiband"] else calls[0]
    if span.startswith("office.db"):
        return None if span[9:] in store_files else f"no file {span} in jiband(8)"
    if span in options_of or span in routes or span in keys or span in users or span in roles:
        return None
    if policy_at(span) is not None or span in ("!", "*"):
        return None
    if span in times:
        return None
    if any(re.search(rf"(^|[ |]){re.escape(span)}([ |]|$)", line) for line in usage["jiband"][0].values()):
        return None
    return None if not programs["jiband"] and span in ("check", "load", "show", "history") else f"nothing is called {span}"


# ---- limits beside their keys -----------------------------------------------------------------------
UNITS = {"zh": {"分钟": "minute", "小时": "hour", "个工作日": "working_day", "天": "day"},
         "en": {"minute": "minute", "hour": "hour", "working day": "working_day", "day": "day"}}


def limits_in(text, side):
    found = re.findall(r"(\d+) (%s)" % "|".join(UNITS[side]), text)
    return [f"{n} {UNITS[side][u]}" for n, u in found]


def limits_fault(line, side):
    cells = [c.strip() for c in line.strip("| ").split("|")]
    last = re.fullmatch(r"`(clocks\.\w+)`", cells[-1])
    if line.startswith("|") and last:
        there = [policy_at(f"{last.group(1)}.{t}") for t in policy["tiers"]]
        if limits_in(" ".join(cells[1:-1]), side) != there:
            return f"{last.group(1)} is {there}"
    kind = re.match(r"\| \*\*([EJK]) ", line)
    if kind:
        row = next(k for k in policy["whistle"]["kinds"] if k["code"] == kind.group(1))
        if limits_in(line, side) != [row["ack"], row["arrive"]]:
            return f"whistle {kind.group(1)} is {row['ack']}, {row['arrive']}"
    for span in re.finditer(r"`([\w.]+)`", line):
        there = policy_at(span.group(1))
        before = limits_in(line[max(0, span.start() - 70):span.start()], side)
        if isinstance(there, str) and re.fullmatch(r"\d+ \w+", there) and before and before[-1] != there:
            return f"{span.group(1)} is {there}, not {before[-1]}"
    return None


SAMPLES = ("粗体", "bold")  # how the pages say what is bold


# ---- the pages --------------------------------------------------------------------------------------
def sections(text):
    """[(level, spans, code lines, table rows, pictures, bold words)], one for each heading."""
    out = []
    for line in text.splitlines():
        heading = re.match(r"(#+) ", line)
        if heading:
            out.append([len(heading.group(1)), [], [], 0, 0, []])
        elif line.startswith("    "):
            out[-1][2].append(line.strip())
        elif out:
            out[-1][1] += re.findall(r"`([^`]+)`", line)
            out[-1][3] += line.startswith("|")
            out[-1][4] += line.count("![")
            out[-1][5] += [word for word in re.findall(r"\*\*([^*]+)\*\*", line) if word not in SAMPLES]
    return out


count = 0
names = sorted({f.name.split(".")[0] for f in book.glob("*.md")})
for name in names:
    pages = {}
    for side in ("zh", "en"):
        path = book / f"{name}.{side}.md"
        if not path.exists():
            complain("pair", f"{path.name} is missing")
            continue
        text = path.read_text(encoding="utf-8")
        pages[side] = sections(text)
        for number, line in enumerate(text.splitlines(), 1):
            where = f"{path.name}:{number}"
            if line.startswith("    "):
                count += 1
                fault = call_fault(line.strip()) if re.match(r" +jiband? ?", line) else "is no call of the programs"
                fault and complain("span", f"{where}: {fault}")
                continue
            for span in re.findall(r"`([^`]+)`", line):
                count += 1
                fault = span_fault(span)
                fault and complain("span", f"{where}: {fault}")
            for key, word in re.findall(r"`([^`]+)`(?: \(| ?（| \| )`:(\w+)`", line):
                if not any(key in a[0] and word in a[1] for a in actions):
                    complain("key", f"{where}: {key} is not the key of :{word}")
            for view, label in [(v, l) for v, l in re.findall(r"`:view (\w+)` \*\*([^*]+)\*\*", line)] + [
                    (v, l) for l, v in re.findall(r"\*\*([^*]+)\*\*(?: \(|（)`:view (\w+)`", line)]:
                if view in views and label != (views[view] if side == "en" else zh_of[views[view]]):
                    complain("key", f"{where}: {view} is not the view {label}")
            for label in re.findall(r"\*\*([^*]+)\*\*", line):
                if label not in labels[side] and label not in SAMPLES:
                    complain("label", f"{where}: the screens do not say {label}")
            fault = limits_fault(line, side)
            fault and complain("limit", f"{where}: {fault}")
            for link in re.findall(r"\]\(([^)#]+)\)", line):
                if not (book / link).exists():
                    complain("link", f"{where}: {link}")
    if len(pages) == 2:
        if [s[0] for s in pages["zh"]] != [s[0] for s in pages["en"]]:
            complain("pair", f"{name}: the headings differ: {len(pages['zh'])} in Chinese, {len(pages['en'])} in English")
            continue
        for index, (zh, en) in enumerate(zip(pages["zh"], pages["en"])):
            for what, a, b in (("names", sorted(zh[1]), sorted(en[1])), ("calls", zh[2], en[2]),
                               ("words of the screens", sorted(zh[5]), sorted(zh_of.get(word, word) for word in en[5])),
                               ("rows of tables", zh[3], en[3]), ("pictures", zh[4], en[4])):
                if a != b:
                    odd = sorted(set(map(str, a)) ^ set(map(str, b))) if isinstance(a, list) else f"{a}, {b}"
                    complain("pair", f"{name}, heading {index + 1}: other {what}: {odd or 'repeated'}")
print(f"count\t{count}")
