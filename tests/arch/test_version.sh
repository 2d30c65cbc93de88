#!/bin/sh
# Both programs name the same version, the one of configure.ac.
set -u
want=$(sed -n 's/^AC_INIT(\[jiban\], \[\(.*\)\])$/\1/p' "$JIBAN_TOP_SRCDIR/configure.ac")
number=0
for program in jiban jiband; do
    number=$((number + 1))
    if [ ! -x "$JIBAN_TOP_BUILDDIR/$program" ]; then
        echo "ok $number - $program --version # SKIP not built here"
        continue
    fi
    got=$("$JIBAN_TOP_BUILDDIR/$program" --version)
    if [ "$got" = "$program $want" ]; then
        echo "ok $number - $program --version"
    else
        echo "not ok $number - $program --version"
        echo "# wanted: $program $want"
        echo "# got:    $got"
    fi
done
echo "1..$number"
