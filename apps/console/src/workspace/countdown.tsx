import type { TFunction } from 'i18next';
import { age, localTime } from '../i18n/times.js';
import { ms, useSecond, useStale } from '../live/clock.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { useRecord } from './record.js';

/** What the machine does next if nobody acts, and in how long. The line shrinks once a second. */
export function Countdown({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element | null {
  const { t } = useWords();
  const second = useSecond();
  const stale = useStale() >= 0;
  const events = useRecord((s) => (s.open?.id === incident.id ? s.open.events : null));
  const due = dueOf(incident);
  // On a narrow desk the line is worth its place only while something is due.
  if (due === null && narrow) return null;
  if (due === null) {
    return (
      <div className="countdown still">
        <span>{t(`countdown.${stillWord(incident)}`)}</span>
      </div>
    );
  }
  const left = Math.max(0, Math.ceil((due - second * 1000) / 1000));
  const since = events?.findLast((e) => e.type.startsWith('escalation.') || e.type === 'incident.taken');
  const whole = Math.max(1, (due - ms(since?.at ?? incident.openedAt)) / 1000);
  return (
    <div className="countdown" role="timer" aria-label={t('countdown.name')}>
      <span>{sentence(t, incident, due, left === 0 && !stale)}</span>
      <span className="head-end">
        <span className="quiet">{t('countdown.in')}</span>{' '}
        <Ltr className="value">{stale ? '??:??' : age(left * 1000)}</Ltr>
      </span>
      <span className="countdown-line" style={{ inlineSize: `${Math.min(100, (left / whole) * 100)}%` }} />
    </div>
  );
}

/** Server time in ms of what comes next by itself: a step of the open, the return of the taken. */
function dueOf(i: Incident): number | null {
  if (i.state === 'open') return i.escalation?.nextDueAt ? ms(i.escalation.nextDueAt) : null;
  return i.state === 'acknowledged' && i.returnsAt ? ms(i.returnsAt) : null;
}

function sentence(t: TFunction, i: Incident, due: number, now: boolean): string {
  const time = localTime(due);
  if (i.state === 'acknowledged') return t('countdown.returns', { time });
  const { step, steps, exhausted } = i.escalation ?? { step: 0 };
  if (exhausted) return t('countdown.again', { time });
  if (steps !== undefined && step >= steps) return t('countdown.last', { time });
  return t(now ? 'countdown.now' : 'countdown.next', { time, step: step + 1 });
}

function stillWord(i: Incident): string {
  if (i.state === 'resolved' || i.state === 'closed') return i.state;
  return i.state === 'acknowledged' ? 'held' : 'nothingDue';
}
