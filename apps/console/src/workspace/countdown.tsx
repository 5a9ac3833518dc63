import { age, localTime } from '../i18n/times.js';
import { ms, useSecond, useStale } from '../live/clock.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { useRecord } from './record.js';

/** What the machine does next if nobody acts, and in how long. The line shrinks once a second. */
export function Countdown({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const second = useSecond();
  const stale = useStale() >= 0;
  const events = useRecord((s) => (s.open?.id === incident.id ? s.open.events : []));
  const due = incident.escalation?.nextDueAt ? ms(incident.escalation.nextDueAt) : null;
  if (incident.state !== 'open' || due === null) {
    return (
      <div className="countdown still">
        <span>{t(`countdown.${stillWord(incident)}`)}</span>
      </div>
    );
  }
  const left = Math.max(0, Math.ceil((due - second * 1000) / 1000));
  const started = events.findLast((e) => e.type === 'escalation.step' || e.type === 'escalation.started');
  const whole = Math.max(1, (due - ms(started?.at ?? incident.openedAt)) / 1000);
  const step = (incident.escalation?.step ?? 0) + 1;
  return (
    <div className="countdown" role="timer" aria-label={t('countdown.name')}>
      <span>{t(left === 0 && !stale ? 'countdown.now' : 'countdown.next', { time: localTime(due), step })}</span>
      <span className="head-end">
        <span className="quiet">{t('countdown.in')}</span> <Ltr className="value">{stale ? '??:??' : age(left * 1000)}</Ltr>
      </span>
      <span className="countdown-line" style={{ inlineSize: `${Math.min(100, (left / whole) * 100)}%` }} />
    </div>
  );
}

function stillWord(i: Incident): string {
  if (i.state === 'resolved' || i.state === 'closed') return i.state;
  return i.state === 'acknowledged' ? 'held' : 'nothingDue';
}
