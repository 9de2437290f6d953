"""Writes goldens.jsonl: small templates and what Jinja2 makes of them.

Run with Python 3 and Jinja2 3.1:  python3 make-goldens.py > goldens.jsonl
The environment is set up as Hugging Face transformers sets it up for chat templates.
The first line holds the context of all rows. Then each line has "template" and one of "rendered",
"error" (it parses, but rendering fails; "wording": "free" if ours may differ) and "syntax".
"""

import json

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension, loopcontrols
from jinja2.sandbox import ImmutableSandboxedEnvironment


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("_write"), [], [], body).set_lineno(line)

    def _write(self, caller):
        return caller()


def raise_exception(message):
    raise jinja2.exceptions.TemplateError(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys
    )


ENVIRONMENT = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
)
ENVIRONMENT.filters["tojson"] = tojson
ENVIRONMENT.globals["raise_exception"] = raise_exception

CONTEXT = {
    "s": "Hello, World",
    "e": "",
    "u": "Zürich 🌤 天気",
    "ws": " \t padded \n ",
    "n": 7,
    "neg": -3,
    "big": 123456789012345678901234567890,
    "f": 2.5,
    "yes": True,
    "no": False,
    "nil": None,
    "xs": [3, 1, 2],
    "names": ["bob", "Alice", "carol", "Bob"],
    "empty": [],
    "d": {"b": 1, "a": [1, 2.0, None, True], "items": "key named items", "ü": "é\"\n<&>'"},
    "users": [
        {"name": "Ann", "age": 30, "tags": ["x", "y"], "addr": {"city": "Bern"}},
        {"name": "ben", "age": 25, "tags": [], "addr": {"city": "Aarau"}},
        {"name": "Cy", "age": 30, "active": True, "addr": {"city": "Chur"}},
    ],
    "tree": [{"v": 1, "kids": [{"v": 2, "kids": []}, {"v": 3, "kids": [{"v": 4}]}]}, {"v": 5}],
    "lines": "one\ntwo\n\nthree\n",
    "html": "<b>\"x\" & 'y'</b>",
}

EXPRESSIONS = r'''
1 + 2 * 3
(1 + 2) * 3
7 // 2
-7 // 2
7 // -2
-7 % 3
7 % -3
7.5 % -2
-7.5 // 2
7 / 2
6 / 2
1 / 3
2 ** 10
2 ** 3 ** 2
2 ** -1
-2 ** 2
(-2) ** 3
(-2) ** 101
1 ** 999999999999
0 ** 0
2.0 ** 0.5
big
big + 1
big * big
big // 7
-big % 1000
big / 3
10 ** 30
1e3
1.5e-7
1e16
1e15
123456789.123
0.1 + 0.2
1e300 * 1e10
-0.0
1_000
0x1F
0o17
0b101
1.0
100.0
1 == 1.0
true == 1
1 == true
'a' == "a"
none == false
undefinedthing == undefinedother
undefinedthing == none
1 < 2 < 3
1 < 3 < 2
1 < 2 == true
3 > 2 >= 2
'a' < 'b'
'Z' < 'a'
[1, 2] < [1, 3]
[1, 2] < [1, 2, 0]
(1, 2) == (1, 2)
[1, 2] == (1, 2)
{'a': 1} == {'a': 1.0}
not true
not not true
not 1 == 2
not e
not xs|length == 3
not nope is defined
true and 'x'
'' or 'fallback'
none or 0 or []
1 and 2 and 3
0 and nope.bad
1 or nope.bad
true or false and false
'a' ~ 1 ~ none ~ true ~ 2.5
1 ~ 2 + 3
'1' ~ 2 * 3
1 + 2 ~ 3 + 4
'a' + 'b'
'ab' * 3
3 * 'ab'
'ab' * -1
[1] * 3
[1] + [2]
(1,) + (2,)
'a' 'b' "c"
'x' if true else 'y'
'x' if false else 'y'
'x' if false
'a' if false else 'b' if false else 'c'
('x' if false) is undefined
s
e
u
n
f
yes
no
nil
xs
d
users
big
nope
()
(1,)
(1, 2)
[]
{}
{'a': 1, 2: 'b', none: [1, (2, 3)], true: {'x': {}}}
{1: 'a', 1.0: 'b', true: 'c'}
[none, true, false, 1.0, 'q\'q', "d\"d", 'b\\b', '\n\t\r', '\x00\x7f\xa0', 'é', '🌤']
["it's", 'say "hi"', "both ' and \""]
'\u00e9\x41\101\N{BULLET}\U0001F324'
'\d\q\ '
s[0]
s[-1]
s[100]
s[100] is defined
u[7]
u[-2:]
u|length
u[::-1]
s[1:4]
s[:-1]
s[-5:]
s[::2]
s[::-1]
s[10:2:-3]
s[5:1]
s[100:]
s[:100]
xs[1:]
xs[::-1]
xs[-1]
xs[5]
xs[true]
(1, 2, 3)[1:]
range(10)[2:8:2]
range(5)|list
range(5, 1, -2)|list
range(3)
range(1, 10, 3)
range(0)|list
range(5)[-1]
xs.0
d.b
d['b']
d.nope
d.nope is defined
d['nope'] is defined
d['items']
d.items()
d.keys()
d.values()
d|items|list
d.get('b')
d.get('nope')
d.get('nope', 5)
d.items is callable
d.keys()|list
'b' in d
'zz' not in d
'b' in d.keys()
1 in xs
1.0 in xs
9 not in xs
'World' in s
'' in s
nope in xs
1 in nope
true in [1]
'x' in 'y' or 'x' in 'x'
d.a[1]
users[0].addr.city
users[-1]['addr']['city']
nil is none
n is not none
n is number
f is number
yes is number
s is number
n is integer
yes is integer
f is float
yes is boolean
yes is true
no is false
1 is true
s is string
nope is string
d is mapping
xs is mapping
xs is iterable
s is iterable
n is iterable
d is iterable
nope is iterable
nil is iterable
xs is sequence
d is sequence
s is sequence
n is sequence
nope is sequence
range(3) is sequence
(xs|map('abs')) is sequence
(xs|map('abs')) is iterable
n is odd
n is even
neg is odd
9 is divisibleby 3
9 is divisibleby(2)
n is eq 7
n is equalto(7)
n is ne 7
n is gt 5
n is ge 7
n is lt 5
n is lessthan 8
n is in [7, 8]
n is not in [7, 8]
n is == 7
'abc' is lower
'ABC' is upper
'Abc' is upper
nil is sameas none
range is callable
s is callable
'upper' is filter
'nope' is filter
'odd' is test
s is defined and s is string
nope is defined or s is string
n is odd and n > 3
s is escaped
s|upper
s|lower
s|capitalize
'hello wORLD foo-bar (baz)'|title
"it's they're"|title
"it's they're".title()
'ßx'|upper
'ÀÉ'|lower
ws|trim
ws|trim|length
'xxhixx'|trim('x')
'abcHIcba'|trim('abc')
s|length
s|count
xs|length
d|length
nope|length
s|replace('l', 'L')
s|replace('l', 'L', 1)
'aaa'|replace('aa', 'b')
'abc'|replace('', '-')
'abc'.replace('', '-', 2)
5|replace('5', '6')
s|first
s|last
xs|first
xs|last
empty|first
empty|last
empty|first is defined
xs|sort
xs|sort(reverse=true)
names|sort
names|sort(case_sensitive=true)
names|sort(true)
users|sort(attribute='age')|map(attribute='name')|list
users|sort(attribute='age,name')|map(attribute='name')|list
users|sort(attribute='addr.city')|map(attribute='name')|join(' ')
names|unique|list
names|unique(case_sensitive=true)|list
[1, 1.0, true, 2]|unique|list
users|unique(attribute='age')|map(attribute='name')|list
xs|reverse|list
s|reverse
xs|join
xs|join(', ')
xs|join('|')
names|join(d='-')
users|join(', ', attribute='name')
users|join(', ', 'addr.city')
s|join('.')
nope|join(',')
[1, none, true, nope]|join(',')
xs|sum
users|sum(attribute='age')
[[1], [2]]|sum(start=[])
[0.1, 0.2]|sum
xs|min
xs|max
names|min
names|max
empty|max
users|max(attribute='age')
xs|map('string')|list
names|map('upper')|list
names|map('replace', 'b', 'B')|list
users|map(attribute='name')|list
users|map(attribute='active')|list
users|map(attribute='active', default=false)|list
users|map(attribute='tags.0', default='none')|list
nil|map('upper')|list
xs|select('odd')|list
xs|reject('odd')|list
xs|select('gt', 1)|list
[0, 1, '', 'a', none]|select|list
[0, 1, '', 'a', none]|reject|list
users|selectattr('active')|map(attribute='name')|list
users|rejectattr('active')|map(attribute='name')|list
users|selectattr('age', 'equalto', 30)|map(attribute='name')|list
users|selectattr('age', 'eq', 30)|list|length
users|selectattr('active', 'defined')|list|length
users|rejectattr('tags', 'undefined')|list|length
users|selectattr('addr.city', 'in', ['Bern', 'Chur'])|map(attribute='name')|join
names|reject('equalto', 'bob')|join(', ')
names|reject('in', ['bob'])|list
d|tojson
d|tojson(indent=2)
d|tojson(indent=4)
users|tojson
[]|tojson(indent=2)
{}|tojson(indent=2)
[[], {}, [[]]]|tojson(indent=1)
'é🌤\u2028\x01\x7f</script>'|tojson
'é🌤'|tojson(ensure_ascii=true)
{'b': 1, 'a': 2}|tojson(sort_keys=true)
{'b': 1, 'a': 2}|tojson(separators=(',', ':'))
{'b': [1], 'a': 2}|tojson(indent=2, separators=(',', ' = '))
{'b': [1]}|tojson(indent='\t')
{1: 2, none: 3, true: 4, 1.5: 5}|tojson
(1, 2)|tojson
1e20|tojson
1.0|tojson
big|tojson
none|tojson
true|tojson
s|tojson
d|dictsort
d|dictsort(reverse=true)
{'b': 2, 'A': 3, 'a': 1}|dictsort
{'b': 2, 'A': 3, 'a': 1}|dictsort(case_sensitive=true)
{'b': 2, 'A': 3}|dictsort(by='value')
{'b': 2, 'A': 3}|dictsort(false, 'value', true)
nope|default('x')
nope|d('x')
nope|default
nil|default('x')
nil|default('x', true)
e|default('x', boolean=true)
d.nope|default('deep')
'42'|int
'4x'|int
'4x'|int(9)
'42.9'|int
-42.9|int
' 12 '|int
'1_000'|int
'0x1f'|int(0, 16)
'ff'|int(0, 16)
'101'|int(base=2)
nil|int
yes|int
1e18|int
'1e3'|int
'2.5'|float
'x'|float
'x'|float(1.5)
'inf'|float
'-nan'|float
'.5'|float
'5.'|float
'1e5'|float
3|float
42.55|round
42.55|round(1)
2.5|round
3.5|round
-2.5|round
2.675|round(2)
1234.5|round(-2)
1250|round(-2)
42.15|round(1, 'ceil')
42.15|round(1, 'floor')
42|round
-5|abs
-5.5|abs
-1|abs
-n|abs
'abc def'|wordcount
s|list
d|list
d|string
5|string|length
nil|string
lines|indent
lines|indent(2)
lines|indent(2, true)
lines|indent(2, blank=true)
lines|indent(width=3, first=true, blank=true)
lines|indent('> ')
'one'|indent(4, first=true)
'foo bar baz qux'|truncate(9)
'foo bar baz qux'|truncate(9, true)
'foo bar baz qux'|truncate(11)
'foo bar baz qux'|truncate(11, false, '...', 0)
'x'|center(9)
'xy'|center(9)
'xyz'|center(8)
html|escape
html|e
html|safe
html|forceescape
'%s is %d, %5.2f|%-5s|%05d|%x'|format('a', 3, 2.5, 'b', 42, 255)
'%s %s' % ('a', 1)
'%s' % 'x'
'%s' % nil
'%r' % 'x'
'%(a)s-%(b)03d' % {'a': 1, 'b': 2}
'100%%' % ()
'%.3f' % 2.0005
'%e' % 12345.678
'%g' % 0.0001
'%g' % 1000000
'%g' % 1e-10
'%+d % d' % (5, 5)
'%.2s' % 'abc'
'%5s|' % 'é'
'%c' % 'x'
'{} {}'.format(1, 'a')
'{1} {0} {x}'.format(1, 'a', x=2.0)
'{:>5}|{:<5}|{:^5}|{:*^7}'.format('a', 'b', 'c', 'd')
'{:05d} {:+d} {:,} {:x} {:#x} {:b}'.format(42, 5, 1234567, 255, 255, 5)
'{:.2f} {:8.3f} {:e} {:g} {:%}'.format(3.14159, 2.5, 12345.678, 0.5, 0.25)
'{0[a]} {1.b}'.format({'a': 1}, {'b': 2})
'{{}} {!r}'.format('x')
'{:{w}}|'.format('a', w=4)
'{:,.2f}'.format(1234567.891)
'{:06.2f}'.format(-3.14159)
xs|batch(2)|list
xs|batch(2, 0)|list
range(7)|slice(3)|list
range(7)|slice(3, 'x')|list
(s|attr('upper'))()
d|attr('nope') is defined
s.upper()
s.lower()
s.title()
'hello world'.capitalize()
'ǆ'.capitalize()
s.swapcase()
ws.strip()
ws.lstrip()
ws.rstrip()
'xxhixx'.strip('x')
'xxhixx'.lstrip('x')
'xxhixx'.rstrip('x')
'www.example.com'.strip('cmowz.')
s.split()
s.split(',')
s.split(', ')
s.split('l', 1)
s.rsplit('l', 1)
s.split('zz')
' a  b c '.split()
' a  b c '.split(none, 1)
' a  b c '.rsplit(none, 1)
' a  b c '.split(' ')
''.split()
''.split(',')
'a,b,c'.split(',', maxsplit=1)
'a,b,c'.rsplit(',', 1)[0]
'<think>x</think>y'.split('</think>')[-1]
lines.splitlines()
lines.splitlines(true)
'a\r\nb\rc\x0bd\u2028e'.splitlines()
s.startswith('Hell')
s.startswith('ell', 1)
s.startswith(('x', 'H'))
s.endswith('ld')
s.endswith('lo', 0, 5)
s.endswith('')
s.find('o')
s.find('o', 5)
s.find('zz')
s.rfind('o')
s.rfind('o', 0, 5)
u.find('天')
s.index('W')
s.count('l')
s.count('')
'aaaa'.count('aa')
s.replace('o', '0')
s.replace('o', '0', 1)
s.partition(', ')
s.rpartition('o')
s.partition('zz')
', '.join(names)
'-'.join('abc')
''.join([])
'abc'.isalpha()
'ab1'.isalnum()
'12'.isdigit()
'a b'.isalpha()
''.isdigit()
' '.isspace()
'abc'.islower()
'a1'.isupper()
'x'.center(5, '*')
'x'.ljust(3) ~ '|'
'x'.rjust(3)
'-42'.zfill(6)
'prefix-x'.removeprefix('prefix-')
'x.txt'.removesuffix('.txt')
xs.index(1)
xs.count(3)
'%s' % xs
'%s' % (xs,)
namespace(a=1).a
namespace({'a': 2}).a
namespace(a=1).b is defined
namespace(a=[1])
dict(a=1, b=2)
dict({'a': 1}, b=2)
dict([('a', 1), ['b', 2]])
(1, 2) ~ [3]
[1, 2, 3,]
{'a': 1,}
(1, 2,)
xs|map('abs')|sum
[1, [2, [3]]]|string
{'a': {'b': {}}}['a']['b']|length
xs|first + xs|last
-xs|first
[3, 1]|sort|first
s|upper|lower|title|length
(s|upper)[0]
'a' ~ ('b' if n > 3 else 'c') ~ 'd'
'a,b'|replace(',', '\n')
n|string ~ 'x'
'x' ~ nope ~ 'y'
{'a': nope}
[nope]
'{"a": %s}' % 'x'|tojson
{'k': 'v'}.k
{'k': 'v'}|length
{'a': 1}.items()|list
{'a': 1}|items|first
'a' is in 'abc'
'a' in ['a'] and 'b' not in ['a']
1 if 'a' in s else 2
(n > 5) ~ (n < 5)
n > 5 and n < 10 or false
xs == [3, 1, 2]
xs != [3]
xs is eq([3, 1, 2])
"\"quoted\""
'tab\there'
'\\n'
'a\/b'
d.a|join(',')
d.a|map('string')|join('/')
[1,2,3]|last
['a', 'b'] | join(' and ')
none is none
None is none
True and False
not None
users|length > 2 and users[2].active
users[0].active is not defined
users[0].missing is defined and users[0].missing.deeper
(users|selectattr('name', 'equalto', 'ben')|first).age
users|map(attribute='addr')|map(attribute='city')|list
'a'.upper()|lower
{'upper': 1}.upper
{'keys': 1}['keys']
{'x': {'y': [10, 20]}}.x.y[1]
xs[0] * 2 + xs[-1]
s[:5] ~ '...' if s|length > 5 else s
'1' + 1|string
1 + '1'|int
'%d' % 3.99
'a' < 'b' and 'b' < 'c'
range(3)|map('string')|join
range(1, 4)|sum
[[1, 2], [3, 4]]|map('first')|list
[[1, 2], [3, 4]]|map('join', '-')|list
[[3, 'c'], [1, 'a']]|sort
[{'a': 2}, {'a': 1}]|sort(attribute='a')
('b', 'a')|sort
'cab'|sort
'hello'|unique|join
'a-b_c d'|title
[none, 1]|select('none')|list
[1.5, 2]|map('int')|list
[1, 2]|map('float')|list
["1", "2"]|map('int')|sum
'é' == '\u00e9'
'x'|length is eq 1
'🌤'[0] == '🌤'
'a🌤b'.find('b')
'a🌤b'[1:2]
'a🌤b'|list
'a🌤b'|reverse
'a🌤b'.center(7, '·')
'🌤' in u
'ﬁ'|upper
'Σ'|lower
'ΑΣ'|lower
'İ'|lower|length
'\u2028'
['\u2028', '\ud83d']|length
'a\tb'
'a\x00b'|length
'\x85\xa0 x \u3000'|trim
'x\u200b'|trim|length
'caf\xe9'|title
'ONE TWO'|capitalize
"don't"|capitalize
1.0|string
1e100
1e-5
0.0001
123456789012345680.0
5e-324
1.7976931348623157e308
3.0 // 2
3 % 2.5
-1 // 3.0
0.5 + 0.5
10 / 5
10 // 5.0
true + true
true * 3
-true
+5
- -5
2 - -2
2--2
2 * (3 + 4) - 1
(1,2) + (3,)
8 // 3 * 3 + 8 % 3
'a' * 0
[] * 5
'abc' > 'abd'
html|safe + '<i>'
'<i>' + html|safe
'<i>' ~ html|safe
"'"|safe + d|tojson
[html|safe, html|e]
html|safe|upper + '<'
html|safe|trim + '<'
(html|safe)[1:3] + '<'
(html|safe)[0] + '<'
(html|safe).replace('b', '<') + '<'
(html|safe).split('"')[0] + '<'
(html|safe)|replace('x', 'y') + '<'
(html|safe)|join + '<'
(html|safe)|string + '<'
(html|safe)|first + '<'
(html|safe)|list|first + '<'
(html|safe)|title + '<'
(html|safe)|lower + '<'
(html|safe)|reverse + '<'
(html|safe)|indent + '<'
(html|safe)|truncate(5) + '<'
'<%s>'|safe % '<'
'<%s %r %d>'|safe % ('<', '<', 3)
('<{}>'|safe).format('<')
('<'|safe).join(['<', '>'|safe])
'<%s>'|safe|format('<')
html|e|e
html|e|forceescape
html|safe|tojson
html|safe is escaped
html|safe == html
'<'|safe * 3 + '<'
(html|safe)|length
(html|safe)|default('x') + '<'
('a'|safe).center(3, '<')
{'<': 1}['<'|safe]
xs[1:]
[1] > []
'10' < '9'
(1, 'a') < (1, 'b')
'''.strip("\n").split("\n")

TEMPLATES = [
    "{% if true %}a{% endif %}b",
    "{% if false %}a{% elif 1 %}b{% else %}c{% endif %}",
    "{% if nope %}a{% else %}c{% endif %}",
    "{% if 0 %}a{% elif '' %}b{% elif [] %}c{% endif %}d",
    "{% for x in xs %}{{ x }}{% endfor %}",
    "{% for x in xs %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in empty %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in nope %}{{ x }}{% else %}none{% endfor %}",
    "{% for c in u %}[{{ c }}]{% endfor %}",
    "{% for k in d %}{{ k }};{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|items %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|dictsort %}{{ k }};{% endfor %}",
    "{% for a, (b, c) in [(1, (2, 3)), [4, [5, 6]]] %}{{ a }}{{ b }}{{ c }} {% endfor %}",
    "{% for x in xs if x > 1 %}{{ loop.index }}:{{ x }}{% if not loop.last %}, {% endif %}{% endfor %}",
    "{% for x in xs if x > 1 %}{{ loop.length }}{% else %}none{% endfor %}",
    "{% for x in xs if x > 10 %}{{ x }}{% else %}none{% endfor %}",
    "{% for x in xs %}{{ loop.index }} {{ loop.index0 }} {{ loop.revindex }} {{ loop.revindex0 }} {{ loop.first }} {{ loop.last }} {{ loop.length }}\n{% endfor %}",
    "{% for x in xs %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
    "{% for x in xs %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }} {% endfor %}",
    "{% for x in xs|map('string') %}{{ loop.length }}{{ x }}{{ loop.last }} {% endfor %}",
    "{% for x in xs %}{{ loop.cycle('odd', 'even') }} {% endfor %}",
    "{% for x in [1, 1, 2, 2, 1] %}{% if loop.changed(x) %}{{ x }}{% endif %}{% endfor %}",
    "{% for x in xs %}{% for y in xs %}{{ loop.index }}{% endfor %}-{{ loop.index }} {% endfor %}",
    "{% for x in xs %}{% set outer = loop %}{% for y in 'ab' %}{{ outer.index }}{{ y }}{{ loop.index }} {% endfor %}{% endfor %}",
    "{% for t in tree recursive %}{{ loop.depth }}:{{ t.v }}{% if t.kids %}[{{ loop(t.kids) }}]{% endif %}{% endfor %}",
    "{% for x in range(10) %}{% if x == 2 %}{% continue %}{% endif %}{% if x == 5 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in [1, 2] %}{% for y in [1, 2, 3] %}{% if y == 2 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
    "{% for x in [1, 2, 3] %}{% if x == 2 %}{% break %}{% endif %}{{ x }}{% else %}else{% endfor %}",
    "{% for x in [1, 2] %}{% break %}{% else %}else{% endfor %}",
    "{% for x in [1, 2] %}{% continue %}{% else %}else{% endfor %}",
    "{% for x in [1, 2] %}{{ x }}{% if x == 2 %}{% continue %}{% endif %}{% else %}else{% endfor %}",
    "{% set x = 1 %}{% for i in range(3) %}{{ x }}{% set x = x + i %}{% endfor %}{{ x }}",
    "{% for i in range(3) %}{% set y = i %}{% endfor %}{{ y is defined }}",
    "{% for i in range(3) %}{{ z is defined }}{% set z = i %}{% endfor %}",
    "{% if true %}{% set y = 5 %}{% endif %}{{ y }}",
    "{% set x = 1 %}{% if true %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% set a, b = 1, 2 %}{{ b }}{{ a }}",
    "{% set a, (b, c) = [1, 'xy'] %}{{ a }}{{ b }}{{ c }}",
    "{% set t = 1, 2 %}{{ t }}",
    "{% set t = 1, %}{{ t }}",
    "{{ 1, 2 }}",
    "{% set ns = namespace(n=0) %}{% for x in xs %}{% set ns.n = ns.n + x %}{% endfor %}{{ ns.n }}",
    "{% set ns = namespace() %}{% set ns.a = 1 %}{{ ns.a }}{{ ns }}",
    "{% set x %}a{{ n }}b{% endset %}{{ x }}|{{ x|length }}",
    "{% set x | upper | replace('A', 'Z') %}abc{% endset %}{{ x }}",
    "{% set x %}{% set inner = 1 %}{% endset %}{{ inner is defined }}",
    "{% set x = 1 %}{% with x = 2, y = x %}{{ x }}{{ y }}{% endwith %}{{ x }}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}",
    "{% filter upper %}abc {{ s }}{% endfilter %}",
    "{% filter trim|replace('a', 'b') %}  aaa  {% endfilter %}|",
    "{% macro m(a, b=2) %}[{{ a }},{{ b }}]{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=4, a=5) }}{{ m() }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a) %}{{ a }}{{ varargs|join('+') }}{% endmacro %}{{ m(1, 2, 3) }}",
    "{% macro fact(n) %}{{ 1 if n < 2 else n * fact(n - 1)|int }}{% endmacro %}{{ fact(10) }}",
    "{% macro m() %}{{ later }}{% endmacro %}{% set later = 'set later' %}{{ m() }}",
    "{% macro m() %}{% set inside = 1 %}{{ inside }}{% endmacro %}{{ m() }}{{ inside is defined }}",
    "{% macro m(x) %}{{ x }}{% endmacro %}{{ m('a') + 'b' }}{{ m('a')|upper }}{{ m(1) is string }}",
    "{% macro wrap(tag) %}<{{ tag }}>{{ caller() }}</{{ tag }}>{% endmacro %}{% call wrap('b') %}in {{ s }}{% endcall %}",
    "{% macro each(items) %}{% for i in items %}{{ caller(i, loop.index) }}{% endfor %}{% endmacro %}{% call(x, i=0) each(xs) %}({{ i }}:{{ x }}){% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}",
    "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(a, b) %}{{ a is defined }}{{ b is defined }}{{ b }}{% endmacro %}{{ m(1) }}",
    "{% macro m(a) %}x{% endmacro %}{{ m }} {{ m.name }}",
    "{% macro m(*a) %}{% endmacro %}",
    "{% macro tree(ns) %}{% for t in ns %}{{ t.v }}{% if t.kids %}({{ tree(t.kids) }}){% endif %}{% endfor %}{% endmacro %}{{ tree(tree_data or tree) }}",
    "{% for x in xs %}{% macro m() %}{{ x }}{% endmacro %}{{ m() }}{% endfor %}",
    "{{ m(*[1, 2], **{'c': 3}) }}",
    "{% macro m(a, b, c) %}{{ a }}{{ b }}{{ c }}{% endmacro %}{{ m(*[1, 2], **{'c': 3}) }}{{ m(1, *[2], c=4) }}",
    "{% generation %}{% set g = 1 %}x{{ g }}{% endgeneration %}{{ g is defined }}",
    "{% for m in names %}{% generation %}{{ loop.index }}{{ m }}{% endgeneration %}{% endfor %}",
    "{% raw %}{{ not }} {% evaluated %} {# at all #}{% endraw %}",
    "a {%- raw -%}  {{ x }}  {%- endraw -%} b",
    "  {% raw %}\n x\n  {% endraw %}\ny",
    "{# comment #}a{#- c -#} b {# multi\nline #}\nc",
    "a\n{# comment #}\nb",
    "a\n  {# comment #}  \nb",
    "a {#- c #} b {# c -#} d",
    "{% if true %}\nx\n{% endif %}\ny",
    "  {% if true %}\n  x\n  {% endif %}\n  y",
    "a  {% if true %}  b  {% endif %}  c",
    "a\n  {%- if true %}\n  b\n  {%- endif %}\nc",
    "a\n  {%+ if true +%}\n  b\n  {% endif %}\nc",
    "a\n  {% if true -%}\n  b\n  {%- endif -%}\n  c",
    "a\n  {{ n }}\n  b",
    "a\n  {{- n -}}\n  b",
    "a\n {{+ n }}\n b",
    "{{ n }}\n",
    "{{ n }}\n\n",
    "\n{{ n }}",
    "x\n\n",
    "x\r\n  {% if true %}\r\ny\r{% endif %}\r\nz\r\n",
    "{% for x in xs %}\n  {{ x }}\n{% endfor %}\nend",
    "{% for x in xs -%}\n  {{ x }}\n{%- endfor %}\nend",
    "\t {% set x = 1 %}\t{{ x }}",
    "x {% set x = 1 %} {% set y = 2 %}\n  {% set z = 3 %}{{ x }}{{ y }}{{ z }}",
    "{% set x = 1 %}  {% set y = 2 %}  {{ x }}{{ y }}",
    "{{ '{{' }} {{ '}}' }} {{ '{%' }} {{ '#}' }}",
    "{{ {'a': {'b': 1}} }}",
    "{{ {'a': {'b': {}}}.a }}",
    "{{ [[1, 2], [3]][0][1] }}",
    "{{- s -}}",
    "{ {n} { { % }",
    "{{ n }}{{ n }}",
    "{{n}}",
    "{{-n}}",
    "{{ -n }}",
    "{{\n  n\n  +\n  1\n}}",
    "{%if n%}{{n}}{%endif%}",
    "{%- if n -%} x {%- endif -%}",
    "{% if n == 7: %}seven{% endif %}",
    "{% if not (n == 7 or 'tool_calls' in d) %}a{% else %}b{% endif %}",
    "{% print n, s %}",
    "{% if n %}{% if s %}{% if d %}deep{% endif %}{% endif %}{% endif %}",
    "{% set content = '<|im_start|>' + names[0] + '\n' + s|trim + '<|im_end|>' %}{{ content }}",
    "{% set x = [] %}{% for i in range(3) %}{% set x = x + [i] %}{% endfor %}{{ x }}",
    "{% set ns = namespace(x=[]) %}{% for i in range(3) %}{% set ns.x = ns.x + [i] %}{% endfor %}{{ ns.x }}",
    "{% set ns = namespace(last=none) %}{% for u in users %}{% if u.age == 30 %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}{{ ns.last }}",
    "{%- for u in users[::-1] %}{% set i = (users|length - 1) - loop.index0 %}{{ i }}{{ u.name }}{% endfor %}",
    "{% set g = xs|map('string') %}{{ g|join(',') }}|{{ g|join(',') }}",
    "{% set g = xs|select('odd') %}{% for x in g %}{{ x }}{% endfor %}{% for x in g %}{{ x }}{% else %}used up{% endfor %}",
    "{{ '' if nope is not defined else nope }}{{ nope.x if nope is defined else 'safe' }}",
    "{% if nope is defined and nope is not none %}a{% else %}b{% endif %}",
    "{% if users[0]['content'] is string %}a{% elif users[0]['tags'] is iterable %}b{% endif %}",
    "{% set tools = tools or [] %}{{ tools|length }}",
    "{% if tools is defined and tools %}x{% else %}y{% endif %}",
    "{{ raise_exception is defined }}{{ strftime is defined }}",
    "{% set loop_messages = users[1:] if users[0].name == 'Ann' else users %}{{ loop_messages|length }}",
    "{%- for u in users -%}\n{{ u.name }}{{ ', ' if not loop.last }}\n{%- endfor -%}",
    "line one \\\nline two {{ '\\n' }}three",
    "{{ s }}  \n  {{ n }}",
    "{% for x in xs %}\n{% if x == 1 %}\none\n{% else %}\nother {{ x }}\n{% endif %}\n{% endfor %}",
    "<tools>\n{%- for u in users %}\n{{ u | tojson }}\n{%- endfor %}\n</tools>",
    "{{ 'line\\\ncontinued' }}",
    "ünïcödé 🌤 {{ u }} 天気",
    "{{ '\U0001F324' }}{{ u[7] }}",
    "{% set été = 1 %}{{ été }}",
    "{% set x = 'a' %}{% set x = x ~ x %}{% set x = x ~ x %}{{ x }}",
    "{% macro m(x) -%}\n  {{ x }}\n{%- endmacro -%}\n[{{ m(1) }}]",
    "{% set ns = namespace(a=1) %}{% macro bump() %}{% set ns.a = ns.a + 1 %}{% endmacro %}{{ bump() }}{{ bump() }}{{ ns.a }}",
    "{% for x in [1,2,3] %}{% set ns = namespace(v=x) %}{{ ns.v }}{% endfor %}",
    "{% for i in range(2) %}{% for j in range(2) %}{{ loop.depth }}{% endfor %}{% endfor %}",
    "{% for x in 'ab' %}{{ loop }}{% endfor %}",
    "{% for a in [[1,2],[3,4]] %}{% for b in a %}{{ b }}{% endfor %};{% endfor %}",
    "{% for (a, b) in [[1,2],[3,4]] %}{{ a }}{{ b }};{% endfor %}",
    "{% for x in xs %}{% filter upper %}a{{ x }}{% if x == 1 %}{% break %}{% endif %}{% endfilter %}{% endfor %}!",
    # What must fail, and how.
    "{{ raise_exception('No: ' ~ s) }}",
    "{{ nope.x }}",
    "{{ nope['x'] }}",
    "{{ nope() }}",
    "{{ nope + 1 }}",
    "{{ 'a' + nope }}",
    "{{ nope < 1 }}",
    "{{ -nope }}",
    "{{ d.nope.deeper }}",
    "{{ d.nope + 'x' }}",
    "{{ xs[9].x }}",
    "{{ nil.x.y }}",
    "{{ users[0].nope() }}",
    "{{ s.nope() }}",
    "{{ 'a' + 1 }}",
    "{{ 1 + 'a' }}",
    "{{ 'a' + none }}",
    "{{ none + 'a' }}",
    "{{ [1] + 'a' }}",
    "{{ [1] + (2,) }}",
    "{{ 'a' - 'b' }}",
    "{{ 'a' * 'b' }}",
    "{{ 1 < 'a' }}",
    "{{ none < 1 }}",
    "{{ -'a' }}",
    "{{ 1 in 'abc' }}",
    "{{ 'a' in 5 }}",
    "{{ 1 / 0 }}",
    "{{ 1 // 0 }}",
    "{{ 1.0 / 0 }}",
    "{{ s() }}",
    "{{ 'a'|safe + 1 }}",
    "{{ 1 + 'a'|safe }}",
    "{{ 'a'|safe + none }}",
    "{{ n[1:] }}",
    "{{ d[1:] }}",
    "{{ nil[:1] }}",
    "{{ nope[1:] }}",
    "{{ ('a'|safe).nope() }}",
    "{% set x %}<{% endset %}{{ 'a'|safe + x }}",
    "{% macro m() %}<{{ '<'|safe }}{% endmacro %}{{ m() + '<' }}{{ m()|safe + '<' }}",
    "{% set x = '<'|safe %}{% filter upper %}{{ x }}{% endfilter %}{{ x + '<' }}",
    "{{ 5|length }}",
    "{{ none|length }}",
    "{{ nope|tojson }}",
    "{{ xs|map('string')|tojson }}",
    "{{ {(1, 2): 3}|tojson }}",
    "{{ {[1]: 2} }}",
    "{% for x in 5 %}{% endfor %}",
    "{% for x in none %}{% endfor %}",
    "{% for a, b in [[1]] %}{% endfor %}",
    "{% for a, b in [[1, 2, 3]] %}{% endfor %}",
    "{% for a, b in [1] %}{% endfor %}",
    "{% set a, b = 'abc' %}",
    "{% set d.x = 1 %}",
    "{% set x = 1 %}{% set x.y = 1 %}",
    "{{ xs.append(4) }}",
    "{{ d.update({}) }}",
    "{{ d.pop('b') }}",
    "{{ s.__class__ }}",
    "{{ s.__class__.__mro__ }}",
    "{{ ''.__class__.__subclasses__() }}",
    "{{ d.__class__ is defined }}",
    "{{ [1, 'a']|sort }}",
    "{{ [none, 1]|max }}",
    "{{ none|items|list }}",
    "{{ xs|items|list }}",
    "{{ xs|map|list }}",
    "{{ xs|selectattr|list }}",
    "{{ d|dictsort(by='x') }}",
    "{{ none|round }}",
    "{{ 'x'|abs }}",
    "{{ xs|round(method='x') }}",
    "{{ 1.5|round(0, 'x') }}",
    "{{ s.split('') }}",
    "{{ s.index('zz') }}",
    "{{ ','.join([1]) }}",
    "{{ '%d' % 'x' }}",
    "{{ '%s %s' % 'x' }}",
    "{{ '%s' % (1, 2) }}",
    "{{ '%q' % 1 }}",
    "{{ '{} {}'.format(1) }}",
    "{{ '{x}'.format(1) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{% endmacro %}{{ m(b=2) }}",
    "{% for x in xs %}{{ loop(xs) }}{% endfor %}",
    "{% for x in xs %}{{ loop.cycle() }}{% endfor %}",
    "{{ xs|batch|list }}",
    "{{ s|nofilter }}",
    "{{ s is notest }}",
    "{{ 'x' if false }}{{ ('x' if false) + 'y' }}",
    "{{ xs['a'].b }}",
    "{{ xs[1.5] is defined }}",
    "{{ d[xs] is defined }}",
    "{{ range('a') }}",
    "{{ range(1, 2, 0) }}",
    "{{ 2 ** 0.5 ** -1 }}",
    "{{ s|first|first|first }}",
    "{{ {}|first }}{{ {}|last }}",
    "{{ loop }}{{ loop is defined }}",
    # What must not even parse.
    "{% if true %}",
    "{% endif %}",
    "{% for x in xs %}",
    "{% for x xs %}{% endfor %}",
    "{% if %}{% endif %}",
    "{{ }}",
    "{{ n",
    "{{ n }",
    "{% if n",
    "{{ 'abc }}",
    "{# open",
    "{% raw %}x",
    "{% unknown %}",
    "{% endfor %}",
    "{{ 1 + }}",
    "{{ (1 }}",
    "{{ 1) }}",
    "{{ [1, 2 }}",
    "{{ {'a' 1} }}",
    "{{ a b }}",
    "{{ a.  }}",
    "{{ a | }}",
    "{{ a is }}",
    "{{ $ }}",
    "{{ 'a' ! 'b' }}",
    "{% set 1 = 2 %}",
    "{% set true = 2 %}",
    "{% set x %}",
    "{% for loop in xs %}{% endfor %}",
    "{% macro m %}{% endmacro %}",
    "{% macro m(a=1, b) %}{% endmacro %}",
    "{% macro m(a, a) %}{% endmacro %}",
    "{% break %}",
    "{% call n %}{% endcall %}",
    "{{ f(a=1, 2) }}",
    "{{ f(**a, *b) }}",
    "{{ a is b is c }}",
    "{{ 007 }}",
    "{{ a if b else }}",
    "{% if a %}{% else %}{% else %}{% endif %}",
    "{% if a %}{% elif %}{% endif %}",
    "{% %}",
    "{% 5 %}",
    "{{ '\\x4' }}",
    "{{ a[1:2:3:4] }}",
]

# Where Python's words are about its own functions.
FREE_WORDING = ["{{ xs|batch|list }}", "{{ '{} {}'.format(1) }}"]


def row(template):
    try:
        return {"template": template, "rendered": ENVIRONMENT.from_string(template).render(CONTEXT)}
    except jinja2.exceptions.TemplateSyntaxError as e:
        kind = "error" if "named" in str(e) else "syntax"
        return {"template": template, kind: str(e.message)}
    except SyntaxError as e:
        return {"template": template, "syntax": str(e)}
    except Exception as e:
        free = {"wording": "free"} if template in FREE_WORDING else {}
        return {"template": template, "error": str(e)} | free


print(json.dumps({"context": CONTEXT}, ensure_ascii=False))
for expression in EXPRESSIONS:
    print(json.dumps(row("{{ " + expression + " }}"), ensure_ascii=True))
for source in TEMPLATES:
    print(json.dumps(row(source), ensure_ascii=True))
