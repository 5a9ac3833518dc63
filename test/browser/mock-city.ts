import type { Person, Site, Team, User } from '../../apps/console/src/wire.js';

/** A small fictional city: the names of the pictures, so that screens can be laid beside them. */
const text = (en: string, ur: string, zh: string) => ({ en, ur, zh });

export const sites: readonly Site[] = (
  [
    ['01', 'Liaison Office', 'رابطہ دفتر', '联络处'],
    ['02', 'Residence East', 'رہائش مشرقی', '东区住所'],
    ['03', 'Quarry', 'پتھر کان', '采石场'],
    ['04', 'Batch Plant', 'بیچنگ پلانٹ', '搅拌站'],
    ['05', 'Switchyard', 'سوئچ یارڈ', '开关站'],
    ['06', 'Pump House', 'پمپ ہاؤس', '泵房'],
    ['07', 'Tunnel Works', 'سرنگ ورکس', '隧道工区'],
    ['08', 'Clinic', 'کلینک', '医务室'],
    ['09', 'Stores Depot', 'اسٹور ڈپو', '物资库'],
    ['10', 'Bridge Works', 'پل ورکس', '桥梁工区'],
    ['11', 'Relay Hill', 'ریلے ہل', '中继山站'],
    ['12', 'Camp North', 'کیمپ شمالی', '北营地'],
  ] as const
).map(([code, en, ur, zh]) => ({ id: `site-${code}`, code, name: text(en, ur, zh), zones: zonesOf(code) }));

function zonesOf(code: string): Site['zones'] {
  const zones: Record<string, readonly (readonly [string, string, string, string])[]> = {
    '01': [['main-door', 'Main door', 'صدر دروازہ', '正门']],
    '02': [['guard-post', 'Guard post', 'گارڈ پوسٹ', '岗亭']],
    '03': [['store-1', 'Store 1', 'اسٹور 1', '1 号库']],
    '04': [['panel-2', 'Panel 2', 'پینل 2', '2 号盘']],
    '05': [['fence-4', 'Fence 4', 'باڑ 4', '围栏 4']],
    '06': [['hatch', 'Hatch', 'ہیچ', '舱口']],
    '07': [['gate-b', 'Gate B', 'گیٹ B', 'B 门']],
    '08': [['ward-1', 'Ward 1', 'وارڈ 1', '1 病房']],
    '09': [['dock-2', 'Dock 2', 'ڈاک 2', '2 号台']],
    '10': [['pier-3', 'Pier 3', 'ستون 3', '3 号墩']],
    '12': [
      ['barrier-1', 'Barrier 1', 'بیریئر 1', '1 号道闸'],
      ['fence-2-3', 'Fence 2–3', 'باڑ 2–3', '围栏 2–3'],
    ],
  };
  return (zones[code] ?? []).map(([id, en, ur, zh]) => ({ id, name: text(en, ur, zh) }));
}

const names: readonly (readonly [id: string, en: string, ur: string, zh: string])[] = [
  ['khan', 'A.Khan', 'اے خان', 'A.Khan'],
  ['butt', 'H.Butt', 'ایچ بٹ', 'H.Butt'],
  ['aziz', 'N.Aziz', 'این عزیز', 'N.Aziz'],
  ['mirza', 'R.Mirza', 'آر مرزا', 'R.Mirza'],
  ['raza', 'B.Raza', 'بی رضا', 'B.Raza'],
  ['ali', 'M.Ali', 'ایم علی', 'M.Ali'],
  ['noor', 'S.Noor', 'ایس نور', 'S.Noor'],
  ['zhou', 'S.Zhou', 'ایس ژو', 'S.Zhou'],
  ...Array.from({ length: 21 }, (_, n) => [`r${n}`, `R.${n + 1}`, `آر ${n + 1}`, `R.${n + 1}`] as const),
];
export const people: readonly Person[] = names.map(([id, en, ur, zh]) => ({
  id,
  name: text(en, ur, zh),
  username: ['khan', 'butt', 'aziz', 'mirza', 'zhou', 'raza', 'noor'].includes(id) ? id : null,
}));
export const nameOf = (id: string): Person['name'] => people.find((p) => p.id === id)?.name ?? id;

/** Who can sign in; every password is "tocsin". */
export const users: readonly User[] = [
  { id: 'khan', name: nameOf('khan'), username: 'khan', roles: ['operator'] },
  { id: 'butt', name: nameOf('butt'), username: 'butt', roles: ['operator'] },
  { id: 'mirza', name: nameOf('mirza'), username: 'mirza', roles: ['commander'] },
  { id: 'zhou', name: nameOf('zhou'), username: 'zhou', roles: ['reviewer'] },
  { id: 'noor', name: nameOf('noor'), username: 'noor', roles: ['responder'] },
];

const member = (id: string, onDuty = true) => ({ id, name: nameOf(id), onDuty, assignment: null });
const crew = (from: number, n: number, off = 0) =>
  Array.from({ length: n }, (_, at) => member(`r${from + at}`, at < n - off));

export const teams: readonly Team[] = [
  { id: 'qrf-1', name: 'QRF-1', members: crew(0, 4) },
  { id: 'qrf-2', name: 'QRF-2', members: [member('raza'), member('ali'), member('noor')] },
  { id: 'qrf-3', name: 'QRF-3', members: crew(4, 3) },
  { id: 'gate-7', name: 'Gate-7', members: crew(7, 2) },
  { id: 'medic-1', name: 'Medic-1', members: crew(9, 2) },
  { id: 'escort-1', name: 'Escort-1', members: crew(11, 4, 1) },
  { id: 'escort-2', name: 'Escort-2', members: crew(15, 2) },
  { id: 'k9-1', name: 'K9-1', members: crew(17, 2) },
  { id: 'tech-1', name: 'Tech-1', members: crew(19, 2, 2) },
];
