#!/bin/sh
# update-po.sh SRCDIR VERSION LANGUAGE...: collect messages into po/jiban.pot, merge into po/LANGUAGE.po.
set -eu
: "${XGETTEXT:=xgettext}" "${MSGMERGE:=msgmerge}"
cd "$1"
version=$2
shift 2
find core tui server -name '*.[ch]' -o -name '*.def' | LC_ALL=C sort >po/POTFILES.new
"$XGETTEXT" --language=C --from-code=UTF-8 --keyword=_ --keyword=N_ --add-comments=TRANSLATORS: \
    --package-name=jiban --package-version="$version" --copyright-holder='jiban developers' \
    --no-wrap --add-location=file --sort-by-file --files-from=po/POTFILES.new -o po/jiban.pot.new
rm -f po/POTFILES.new
# The creation date alone is no change.
if [ -f po/jiban.pot ] &&
    [ "$(grep -v '^"POT-Creation-Date:' po/jiban.pot)" = "$(grep -v '^"POT-Creation-Date:' po/jiban.pot.new)" ]; then
    rm -f po/jiban.pot.new
else
    mv -f po/jiban.pot.new po/jiban.pot
fi
for lang in "$@"; do
    "$MSGMERGE" --quiet --no-wrap --add-location=file --sort-by-file --update --backup=none "po/$lang.po" po/jiban.pot
done
