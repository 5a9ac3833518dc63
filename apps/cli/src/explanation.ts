import { type ConfigDocument, indexOf, type RouteTraceEntry, type Target, timeZoneOf } from '@tocsin/domain';
import type { ExplainedPage, Explanation, Moment } from '@tocsin/operations';
import { columns } from './terminal.js';

/** An explanation for people at a terminal: the alarm, the routes that were asked, and the ladder in local time. */
export function explanationLines(
  { at, alert, configVersion, route, moments }: Explanation,
  config: ConfigDocument,
): string[] {
  const zone = timeZoneOf(config, alert.site);
  const where = [alert.site ?? 'no site', ...(alert.zone === null ? [] : [alert.zone])].join(' / ');
  const reality = alert.reality === 'actual' ? '' : ` (${alert.reality})`;
  return [
    `${alert.severity} ${alert.category} at ${where}${reality}, ${localText(at, zone)} ${zone}, version ${configVersion}`,
    '',
    'Routes, in their order',
    ...columns(route.trace.map(traceRow), '  '),
    `  ${route.reason.text}`,
    `  policy ${route.policy}, team ${route.team ?? 'none'}${route.autoResolve ? ', resolves itself when nothing fires' : ''}`,
    '',
    alert.severity === 'info' ? 'info is recorded and pages nobody.' : 'If nobody acknowledges',
    ...columns(
      moments.flatMap((moment) => rowsOf(moment, config, zone)),
      '  ',
    ),
  ];
}

function traceRow({ route, matched, miss }: RouteTraceEntry): string[] {
  if (matched) return ['>', route, 'matches'];
  return [
    '-',
    route,
    miss === null
      ? ''
      : `${miss.field}: wants ${miss.wanted}; this is ${miss.got === null || miss.got === '' ? 'none' : miss.got}`,
  ];
}

function rowsOf(moment: Moment, config: ConfigDocument, zone: string): string[][] {
  const head = [localText(moment.at, zone).slice(-8), `+${spanText(moment.afterS)}`, nameOf(moment)];
  return momentLines(moment, config).map((line, index) => (index === 0 ? [...head, line] : ['', '', '', line]));
}

const nameOf = ({ kind, step }: Moment): string =>
  kind === 'step' ? `step ${step}` : kind === 'repeat' ? `step ${step} again` : 'exhausted';

function momentLines({ kind, targets, pages }: Moment, config: ConfigDocument): string[] {
  if (kind === 'exhaustion') return ['nobody answered: SYS, and the last step again every few minutes'];
  const lines = targets.map(({ target, people, reason }) => {
    if (people.length === 0) return `${targetText(target)}: NOBODY (${reason.text})`;
    const paged = pages.filter(({ target: { id } }) => people.includes(id));
    const names = people.map((slug) => indexOf(config).peopleBySlug.get(slug)?.name.en ?? slug).join(', ');
    return `${targetText(target)}: ${paged.length === 0 ? `${names}: not paged for this` : paged.map(pageText).join('; ')}`;
  });
  return lines.length === 0 ? ['nobody'] : lines;
}

const targetText = ({ kind, id }: Target): string => `${kind} ${id}`;

function pageText({ target, channels, suppressed }: ExplainedPage): string {
  if (suppressed !== undefined) return `${target.name} (not sent: ${suppressed.text})`;
  if (channels.length === 0) return `${target.name} (NO CONTACT)`;
  const ladder = channels.map(({ channel, afterS }, index) =>
    index === 0 || afterS === null ? channel : `${channel} after ${afterS} s`,
  );
  return `${target.name} (${ladder.join(', ')})`;
}

const localText = (at: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(new Date(at));
const spanText = (seconds: number): string => (seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 6) / 10} min`);
