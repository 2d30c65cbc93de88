# Orders as a file, and the tables that only count: who may ask, for what, in which words.
step a file for who dispatches
send GET /v1/export?from=2020-01-01&to=2099-01-01
as dispatcher
expect 200
head ^Content-Type: text/csv; charset=utf-8
head ^Content-Disposition: attachment
has ^number,type,category,tags,title,content,state,claimant,phone,

step one object a line for the desk, without names
send GET /v1/export?from=2020-01-01&to=2099-01-01&format=ndjson
as desk
expect 200
head ^Content-Type: application/x-ndjson
has "claimant":"","phone":""

step official names in a table
send GET /v1/export?day=2026-03-01&format=html&official=yes
as dispatcher
expect 200
head ^Content-Type: text/html; charset=utf-8
has <th>工单编号

step who takes calls
send GET /v1/export
as operator
expect 403
problem denied

step no such form
send GET /v1/export?format=xls
as desk
expect 400
problem invalid

step from without to
send GET /v1/export?from=2026-01-01
as desk
expect 400
problem invalid

step without a session
send GET /v1/export
expect 401
problem unauthorized

step commendations
send GET /v1/assessment?by=praise&from=2020-01-01&to=2099-01-01
as desk
expect 200
has ^\{"by":"praise","scope":"1101","period":

step whistles
send GET /v1/assessment?by=whistle&from=2020-01-01&to=2099-01-01
as dispatcher
expect 200
has ^\{"by":"whistle","scope":"\*","period":

step a list of cases that this table does not have
send GET /v1/assessment?by=whistle&cases=asked
as dispatcher
expect 400
problem invalid
