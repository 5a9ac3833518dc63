import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { documentOf, issueText, readConfig } from './read-config.js';

const small = `kind: Unit
id: u
name: Unit
timeZone: Asia/Karachi
---
kind: Site
id: villa
code: "01"
name: { en: Villa, ur: ولا, zh: 别墅 }
groups: [north]
zones: [{ id: gate, name: Gate }]
---
kind: Person
id: ali
name: Ali
username: ali
grants: [{ role: operator, scope: unit }]
contacts:
  - { channel: email, address: ali@example.org }
---
kind: Team
id: guards
name: Guards
members: [ali]
schedule: duty
---
kind: Schedule
id: duty
name: Duty
layers:
  - id: all
    people: [ali]
    startsAt: 2026-01-05T07:00
    turn: { unit: day, count: 1 }
---
kind: Policy
id: page
name: Page
steps:
  - { afterS: 0, targets: [{ team: guards }] }
  - { afterS: 30, targets: [{ person: ali }] }
---
kind: Source
id: panel
name: Panel
protocol: http
scope: [{ site: villa }]
---
kind: Route
id: all
match: {}
policy: page
team: guards
`;

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tocsin-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function write(files: Record<string, string | Buffer>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}
const faults = (files: Record<string, string | Buffer>): string[] => {
  write(files);
  const read = readConfig(dir);
  return read.ok ? [] : read.faults.map(issueText);
};
/** The small unit with one text replaced. */
const broken = (from: string, to: string): string[] => {
  if (!small.includes(from)) throw new Error(`not there: ${from}`);
  return faults({ 'unit.yaml': small.replace(from, to) });
};

describe('a folder of configuration', () => {
  it('is read with its defaults', () => {
    write({ 'unit.yaml': small });
    const read = readConfig(dir);
    if (!read.ok) throw new Error(read.faults.map(issueText).join('\n'));
    const document = documentOf(read.files, null, (slug) => `id of ${slug}`);
    expect(read.warnings).toEqual([]);
    expect(document.people).toMatchObject([{ slug: 'ali', id: 'id of ali', language: 'en', name: { en: 'Ali' } }]);
    expect(document.schedules[0]).toMatchObject({ timeZone: 'Asia/Karachi', overrides: [], layers: [{ windows: [] }] });
    expect(document.sources[0]?.budget).toEqual({ perSecond: 1000, criticalPerSecond: 500, criticalBurst: 2000 });
    expect(document.routes).toEqual([{ id: 'all', match: {}, policy: 'page', team: 'guards' }]);
    expect(document.timing.takenIdleCriticalS).toBe(60);
  });

  it('is read from *.yaml and *.yml, also in subfolders and by links, and from nothing else', () => {
    const [head, ...rest] = small.split('---\n');
    write({
      'a.yaml': head as string,
      'deep/b.yml': rest.join('---\n'),
      'c.yaml.bak': '{{{',
      '.hidden.yaml': '{{{',
      'empty.yaml': '# nothing yet\n',
    });
    symlinkSync(join(dir, 'a.yaml'), join(dir, 'linked.yaml'));
    const read = readConfig(dir);
    expect(read.ok ? [] : read.faults.map(issueText)).toEqual(
      [
        'linked.yaml:2 id: u is already the id of the Unit at a.yaml:2',
        'linked.yaml:1: a folder describes one Unit',
      ].sort(),
    );
  });

  it('is named when it is not there, and asked for a route when it is empty', () => {
    const gone = readConfig(join(dir, 'gone'));
    expect(gone.ok ? [] : gone.faults.map(issueText)).toEqual([`${join(dir, 'gone')}:1: there is no such folder`]);
    expect(faults({})).toEqual([expect.stringMatching(/the last Route must match everything/)]);
  });

  it('moves its hash with every byte and every name', () => {
    const hashes = new Set<string>();
    for (const [path, text] of [
      ['a.yaml', small],
      ['a.yaml', `${small}# more\n`],
      ['b.yaml', small],
    ] as const) {
      rmSync(dir, { recursive: true, force: true });
      write({ [path]: text });
      hashes.add(readConfig(dir).folderHash.toString('hex'));
    }
    expect(hashes.size).toBe(3);
  });

  it.each([
    [
      'an unknown field',
      'protocol: http',
      'protocoll: http',
      ['unit.yaml:43 protocol: is missing', 'unit.yaml:46 protocoll: is not a field here; did you mean protocol?'],
    ],
    [
      'an unknown kind',
      'kind: Team',
      'kind: Taem',
      [
        'unit.yaml:21 kind: must be one of Unit, Site, Team, Person, Schedule, Policy, Route, Source, Channel, Silence, not "Taem"; did you mean Team?',
      ],
    ],
    [
      'a dangling reference',
      'policy: page',
      'policy: pages',
      ['unit.yaml:52 policy: there is no policy pages; did you mean page?'],
    ],
    [
      'a person who is not there',
      'members: [ali]',
      'members: [ali, bob]',
      ['unit.yaml:24 members[1]: there is no person bob'],
    ],
    [
      'a number where text is needed',
      'code: "01"',
      'code: 1',
      ['unit.yaml:8 code: must be text: put it in quotes, as in "1"'],
    ],
    [
      'times that do not rise',
      'afterS: 30',
      'afterS: 0',
      ['unit.yaml:41 steps[1].afterS: must be later than the step before it (0 s), not 0'],
    ],
    [
      'an empty list in a match',
      'match: {}',
      'match: { sites: [] }',
      ['unit.yaml:51 match.sites: is an empty list: it needs at least one entry'],
    ],
    [
      'no catch-all',
      'match: {}',
      'match: { sites: [villa] }',
      ['unit.yaml:51 match: the last Route must match everything (`match: {}`): no alarm without an answer'],
    ],
    [
      'an unknown zone',
      'match: {}',
      'match: { sites: [villa], zones: [gate, gaet] }\npolicy: page\n---\nkind: Route\nid: rest\nmatch: {}',
      ['unit.yaml:51 match.zones[1]: no site that this matches has a zone gaet; did you mean gate?'],
    ],
    [
      'a catch-all that is not the last',
      'kind: Route',
      'kind: Route\nid: early\nmatch: {}\npolicy: page\n---\nkind: Route',
      [
        'unit.yaml:51 match: matches everything, so that no route below it is ever asked: name something, or make it the last',
      ],
    ],
    [
      'an unknown time zone',
      'Asia/Karachi',
      'Asia/Islamabad',
      ['unit.yaml:4 timeZone: is no time zone that is known: Asia/Islamabad (Asia/Karachi is one)'],
    ],
    [
      'an offset as a time zone',
      'Asia/Karachi',
      '"+05:00"',
      ['unit.yaml:4 timeZone: must be a time zone such as Asia/Karachi, not "+05:00"'],
    ],
    [
      'a day that does not exist',
      '2026-01-05T07:00',
      '2026-02-30T07:00',
      [
        'unit.yaml:33 layers[0].startsAt: must be a local date and time such as 2026-01-05T07:00: there is no 2026-02-30T07:00',
      ],
    ],
    [
      'a window that is none',
      'people: [ali]',
      'people: [ali]\n    windows: [{ from: "7:00", to: "25:00" }]',
      [
        'unit.yaml:33 layers[0].windows[0].from: must be a time of day such as "07:00", not "7:00"',
        'unit.yaml:33 layers[0].windows[0].to: must be a time of day such as "07:00", not "25:00"',
      ],
    ],
    [
      'an id that stands twice',
      'kind: Source\nid: panel',
      'kind: Source\nid: panel\nname: P\nprotocol: http\nscope: [unit]\n---\nkind: Source\nid: panel',
      ['unit.yaml:50 id: panel is already the id of the Source at unit.yaml:44'],
    ],
    [
      'a zone that stands twice',
      '[{ id: gate, name: Gate }]',
      '[{ id: gate, name: Gate }, { id: gate, name: G }]',
      ['unit.yaml:11 zones[1].id: gate stands twice in zones'],
    ],
    [
      'an unknown role',
      'role: operator',
      'role: boss',
      ['unit.yaml:17 grants[0].role: must be one of operator, responder, commander, reviewer, admin, not "boss"'],
    ],
    [
      'a scope of two places',
      '{ site: villa }',
      '{ site: villa, group: north }',
      ['unit.yaml:47 scope[0]: must be a scope: unit, { group: ... } or { site: ... }'],
    ],
    [
      'mail without an address',
      ', address: ali@example.org',
      '',
      ['unit.yaml:19 contacts[0].address: is missing: email needs one'],
    ],
    [
      'an override that ends before it begins',
      'turn: { unit: day, count: 1 }',
      'turn: { unit: day, count: 1 }\noverrides:\n  - { id: o, person: ali, from: 2026-01-02T00:00:00Z, to: 2026-01-01T00:00:00Z }',
      ['unit.yaml:36 overrides[0].to: must be later than its beginning (2026-01-02T00:00:00Z)'],
    ],
    [
      'a default outside the scope',
      'scope: [{ site: villa }]',
      'scope: [{ group: south }]\ndefaults: { site: villa }',
      [
        'unit.yaml:47 scope[0].group: there is no group south; did you mean north?',
        "unit.yaml:48 defaults.site: villa lies outside the source's own scope",
      ],
    ],
    [
      'text that the database cannot hold',
      'name: Ali',
      'name: "A\\0"',
      ['unit.yaml:15 name: contains a control character or half a character'],
    ],
  ])('refuses %s', (_, from, to, expected) => {
    expect(broken(from, to)).toEqual(expected);
  });

  it.each([
    ['a syntax error', 'kind: Site\nid: [villa\n', /^bad\.yaml:\d+: /],
    ['a key that stands twice', 'kind: Site\nid: a\nid: b\n', /^bad\.yaml:3 id: stands twice/],
    ['aliases', 'kind: Team\nid: &x a\nname: *x\nmembers: [ali]\n', /^bad\.yaml:2 id: anchors .*not read here/],
    [
      'a bomb of aliases',
      `a: &a [x,x]\n${'bcdefghi'
        .split('')
        .map((c, i) => `${c}: &${c} [${`*${'abcdefgh'[i]},`.repeat(9)}x]\n`)
        .join('')}`,
      /anchors/,
    ],
    ['tags', 'kind: !!js/function "x"\n', /^bad\.yaml:1: Unresolved tag/],
    ['directives', '%YAML 1.1\n---\nkind: Site\n', /^bad\.yaml:\d+: directives/],
    ['nesting without end', `x: ${'['.repeat(20_000)}`, /^bad\.yaml:1/],
    ['fields of the prototype', '__proto__: { a: 1 }\nkind: Unit\n', /bad\.yaml:1 __proto__: is not a field here/],
    ['bytes that are no text', Buffer.from([0x6b, 0xff, 0xfe]), /^bad\.yaml:1: is not UTF-8 text$/],
    ['a file without end', `# ${'x'.repeat(1_100_000)}\n`, /^bad\.yaml:1: has 1100003 bytes; a file may have 1048576$/],
    ['a document that is a list', '- kind: Site\n', /^bad\.yaml:1: a document must be fields with values/],
  ])('refuses %s in one file, whatever the others say', (_, text, expected) => {
    expect(faults({ 'unit.yaml': small, 'bad.yaml': text })).toEqual(
      expect.arrayContaining([expect.stringMatching(expected)]),
    );
  });

  it('reports all faults of all files together, and none twice', () => {
    const found = faults({
      'unit.yaml': small.replace('role: operator', 'role: boss').replace('afterS: 30', 'afterS: -1'),
      'more.yaml': 'kind: Site\nid: Villa\n',
    });
    expect(found.map((line) => line.replace(/: .*/, ''))).toEqual(
      [
        'more.yaml:1 code',
        'more.yaml:1 name',
        'more.yaml:2 id',
        'unit.yaml:17 grants[0].role',
        'unit.yaml:41 steps[1].afterS',
      ].sort(),
    );
  });

  it('warns of what is allowed and not meant', () => {
    write({
      'unit.yaml': small
        .replace('contacts:\n  - { channel: email, address: ali@example.org }\n', '')
        .replace('turn: {', 'windows: [{ days: [mon, tue, wed, thu, fri], from: "07:00", to: "07:00" }]\n    turn: {')
        .replace('grants: [{ role: operator, scope: unit }]\n', ''),
      'more.yaml':
        'kind: Silence\nid: s\nmatch: { categories: [fire] }\nfrom: 2026-01-01T00:00:00Z\nto: 2026-01-02T00:00:00Z\ncomment: no\n',
    });
    const read = readConfig(dir);
    expect(read.ok && read.warnings.map(issueText)).toEqual([
      'more.yaml:3 match.categories: s has no effect: life-safety alarms are never silenced',
      'unit.yaml:16 username: ali can sign in and has no grant: nothing will be seen',
      'unit.yaml:27 layers: duty has nobody on duty from Monday 00:00',
      'unit.yaml:37 steps: page reaches nobody: none of its targets has a contact',
    ]);
  });
});
