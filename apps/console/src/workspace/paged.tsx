import { localTime } from '../i18n/times.js';
import { ms } from '../live/clock.js';
import { useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Incident, LiveEvent } from '../wire.js';
import { useEvents } from './record.js';
import { reasonText } from './sentence.js';

/** The decisions of the machine that a person may want to question, newest last. */
const telling = new Set([
  'incident.routed',
  'incident.realerted',
  'incident.returned',
  'escalation.started',
  'escalation.step',
  'escalation.exhausted',
  'escalation.cancelled',
  'notification.suppressed',
]);
const SHOWN = 5;
const SHOWN_NARROW = 2;

/** Who was paged and why: every decision with the reason it was made for. */
export function Paged({ incident, narrow }: { incident: Incident; narrow: boolean }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const events = useEvents(incident.id);
  const told = once(events.filter((e) => telling.has(e.type) && e.reason));
  return (
    <section className="paged" aria-label={t('paged.name')}>
      <h2>
        {t('paged.name')}
        {incident.escalation && (
          <span className="quiet head-end">{t('paged.step', { step: incident.escalation.step })}</span>
        )}
      </h2>
      {told.length === 0 && <p className="second">{t('paged.none')}</p>}
      <ol>
        {told.slice(narrow ? -SHOWN_NARROW : -SHOWN).map((e) => (
          <li key={e.seq}>
            <Ltr className="second">{localTime(ms(e.at))}</Ltr>
            <span>{reasonText(t, e.reason, names)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The same reason for many people is said once. */
function once(events: readonly LiveEvent[]): readonly LiveEvent[] {
  const seen = new Set<string>();
  return events.filter((e) => {
    const key = `${e.type} ${e.reason?.text} ${e.type === 'escalation.step' ? e.seq : ''}`;
    return !seen.has(key) && seen.add(key);
  });
}
