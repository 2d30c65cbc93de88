# report.awk: medians, targets and reasons out of the meter's lines (size, program, measure, value, unit; sorted).
# Status 0 whatever was missed: numbers of one machine are for people to judge.

function settle() {
    if (count)
        median[key] = value[int((count + 1) / 2)]
    count = 0
}
{
    if ($1 SUBSEP $2 SUBSEP $3 != key) {
        settle()
        key = $1 SUBSEP $2 SUBSEP $3
        unit[$3] = $5
    }
    value[++count] = $4
}

function have(n, name, what) { return (n SUBSEP name SUBSEP what) in median }
function number(x) { return x >= 1000 ? sprintf("%.0f", x) : x >= 100 ? sprintf("%.1f", x) : sprintf("%.3g", x) }
function quote(text) { gsub(/["\\]/, "\\\\&", text); return "\"" text "\"" }

function load(    line, part) {
    while ((getline line <targets) > 0) {
        if (line ~ /^#/ || line !~ /\|/)
            continue
        split(line, part, "|")
        n_targets++
        measure[n_targets] = part[1]; factor[n_targets] = part[2]; against[n_targets] = part[3]
        only[n_targets] = part[4]; words[n_targets] = part[5]
    }
    while ((getline line <reasons) > 0) {
        if (line ~ /^#/ || line !~ /\|/)
            continue
        split(line, part, "|")
        reason[part[1] "|" part[2]] = part[3]
    }
}

# What the value must not exceed; -1: was not measured.
function bound(t, n) {
    if (against[t] == "-")
        return factor[t]
    if (against[t] == "flat")
        return n != first_size && have(first_size, "jiban", measure[t]) ? factor[t] * median[first_size, "jiban", measure[t]] : -1
    if (against[t] == "limit+")
        return have(n, "limit", measure[t]) ? factor[t] + median[n, "limit", measure[t]] : -1
    return have(n, against[t], measure[t]) ? factor[t] * median[n, against[t], measure[t]] : -1
}

function best_peer(n, what,    i, name, best) {
    best = ""
    for (i = 1; i <= n_names; i++) {
        name = list[i]
        if ((name == "tig" || name == "neomutt" || name == "newsboat") && have(n, name, what) &&
            (best == "" || median[n, name, what] < median[n, best, what]))
            best = name
    }
    return best == "" ? "-" : best " " number(median[n, best, what])
}

function print_values(n,    i, j, what, shown) {
    printf "\n== %s cases: medians\n%-20s", n, "what"
    for (i = 1; i <= n_names; i++)
        printf " %11s", list[i]
    print ""
    for (j = 1; j <= n_what; j++) {
        what = order[j]
        shown = ""
        for (i = 1; i <= n_names; i++)
            shown = shown sprintf(" %11s", have(n, list[i], what) ? number(median[n, list[i], what]) : "-")
        if (shown ~ /[0-9]/)
            printf "%-20s%s %s\n", what, shown, unit[what]
    }
}

function print_targets(n,    t, b, v, name, state) {
    printf "\n== %s cases: targets\n%-60s %10s %10s %7s %-18s\n", n, "target", "jiban", "bound", "ratio", "best peer"
    for (t = 1; t <= n_targets; t++) {
        if (only[t] != "*" && only[t] + 0 != n + 0 || !have(n, "jiban", measure[t]))
            continue
        b = bound(t, n)
        if (b < 0)
            continue
        v = median[n, "jiban", measure[t]]
        state = v <= b ? "ok" : "MISSED"
        name = against[t] == "limit+" ? "limit" : against[t]
        printf "%-60s %10s %10s %7s %-18s %s\n", words[t], number(v), number(b), (b > 0 ? sprintf("%.2f", v / b) : "-"),
            best_peer(n, measure[t]), state
        tried++
        results[tried] = sprintf("{\"cases\":%d,\"measure\":%s,\"target\":%s,\"value\":%.6g,\"bound\":%.6g,\"ok\":%s}", n,
            quote(measure[t]), quote(words[t]), v, b, v <= b ? "true" : "false")
        if (v > b) {
            missed++
            where[t] = where[t] (where[t] == "" ? "" : ", ") n " (" (b > 0 ? sprintf("%.2f x the bound", v / b) : number(v)) ")"
        }
    }
}

function print_missed(    t, key) {
    printf "\n%d targets met, %d missed\n", tried - missed, missed
    for (t = 1; t <= n_targets; t++) {
        if (where[t] == "")
            continue
        key = measure[t] "|" against[t]
        printf "MISSED %s, at %s\n       %s\n", words[t], where[t], (key in reason ? reason[key] : "not looked into")
    }
}

function print_json(    k, part, i, comma) {
    printf "{\"medians\":[" >json
    for (k in median) {
        split(k, part, SUBSEP)
        printf "%s{\"cases\":%d,\"program\":%s,\"measure\":%s,\"value\":%.6g,\"unit\":%s}", comma, part[1], quote(part[2]),
            quote(part[3]), median[k], quote(unit[part[3]]) >json
        comma = ",\n"
    }
    printf "],\n\"targets\":[" >json
    for (i = 1; i <= tried; i++)
        printf "%s%s", (i > 1 ? ",\n" : ""), results[i] >json
    print "]}" >json
}

END {
    settle()
    n_sizes = split(sizes, size, " ")
    first_size = size[1]
    n_names = split(names, list, " ")
    n_what = split("rows.first rows.bytes step.p50 step.p99 step.bytes step.per_cell step.instructions page.p50 page.p99 " \
        "page.bytes page.per_cell page.writes page.instructions typed10.bytes typed10.pages typed10.last held.lag held.bytes " \
        "open.p50 open.bytes end.p50 home.p50 search.p50 filter.p50 find_zh.p50 find_latin.p50 mem.heap mem.private run.cpu idle.wakeups idle.bytes idle.cpu " \
        "sync.p50 sync.p99 sync.most sync.keys sync.lost sync.seconds sync.cpu", order, " ")
    for (i = 1; i <= n_sizes; i++)
        for (j = 1; j <= n_names; j++)
            if (have(size[i], list[j], "typed10.bytes") && have(size[i], list[j], "page.bytes"))
                median[size[i], list[j], "typed10.pages"] = median[size[i], list[j], "typed10.bytes"] / median[size[i], list[j], "page.bytes"]
    unit["typed10.pages"] = "pages"
    load()
    for (i = 1; i <= n_sizes; i++)
        print_values(size[i])
    for (i = 1; i <= n_sizes; i++)
        print_targets(size[i])
    print_missed()
    if (json != "")
        print_json()
}
