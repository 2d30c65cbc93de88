# The figures of the assessment: who may ask, for what, in which words.
step the streets, for who dispatches
send GET /v1/assessment?from=2020-01-01&to=2030-01-01
as dispatcher
expect 200
head ^Content-Type: application/json$
has ^\{"level":"street","scope":"\*","period":\{"name":"","from":"2020-01-01T00:00:00\+08:00","to":"2030-01-01T00:00:00\+08:00","as_of":
has "weights":\{"R":100,"S":500,"M":400\},"decimals":1,"rating":"first","summary":"pooled"
has "total":\{
count 1 ^

step the own street, for its desk, without a rank
send GET /v1/assessment
as desk
expect 200
has "level":"street","scope":"1101"
has "ranked":0,"rows":\[\{"code":"1101"
not "code":"1102"

step a month
send GET /v1/assessment?month=2026-11
as desk
expect 200
has "name":"2026-11","from":"2026-10-19T00:00:00\+08:00","to":"2026-11-19T00:00:00\+08:00"
has "month_start_day":19,"day_cut":"12:00"

step a day
send GET /v1/assessment?day=2026-03-01
as desk
expect 200
has "name":"2026-03-01","from":"2026-02-28T12:00:00\+08:00","to":"2026-03-01T12:00:00\+08:00"

step nobody was asked: no data, not 0
send GET /v1/assessment?month=2020-01
as desk
expect 200
has "R":null,"S":null,"M":null,"score":null
not "score":0

step a time whose plus is escaped
send GET /v1/assessment?from=2026-01-01T00:00:00%2B08:00&to=2026-01-02
as desk
expect 200
has "from":"2026-01-01T00:00:00\+08:00"

step the cases of a number
send GET /v1/assessment?cases=received&from=2020-01-01&to=2030-01-01
as desk
expect 200
has ^\{"level":"street","of":"1101","set":"assessed","number":"received","cases":\[\{"id":"[0-9a-f-]{36}","number":"[0-9]+"\}
has \],"count":[1-9]

step another street
send GET /v1/assessment?scope=1102
as desk
expect 403
problem denied

step no such unit
send GET /v1/assessment?scope=9999
as desk
expect 404
problem not-found

step who takes calls
send GET /v1/assessment
as operator
expect 403
problem denied

step no such level
send GET /v1/assessment?level=planet
as desk
expect 400
problem invalid

step no such number
send GET /v1/assessment?cases=all
as desk
expect 400
problem invalid

step a month that is none
send GET /v1/assessment?month=2026-13
as desk
expect 400
problem invalid

step without a session
send GET /v1/assessment
expect 401
problem unauthorized
