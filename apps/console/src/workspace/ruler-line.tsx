import { useTranslation } from 'react-i18next';
import { offset } from '../i18n/times.js';
import { useLive } from '../live/store.js';
import { Ltr } from '../queue/age.js';
import { painted } from '../queue/painted.js';
import type { Incident } from '../wire.js';
import { useEvents } from './record.js';
import { ruler, type Stop } from './ruler.js';

/** T0 to T10 with their offsets. Never mirrored: time runs one way in every language. */
export function Ruler({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useTranslation();
  const events = useEvents(incident.id);
  const loadedAt = useLive((s) => s.loadedAt);
  const shown = painted.shownAt(incident.id);
  const stops = ruler(incident, events, shown !== null && Date.parse(incident.openedAt) >= loadedAt ? shown : null);
  const zero = stops[0]?.at ?? 0;
  return (
    <ol className="ruler" dir="ltr" aria-label={t('ruler.name')}>
      {stops.map((stop) => (
        <li key={stop.mark} className={stop.state}>
          <Ltr className="ruler-mark">
            {stop.mark} <strong>{value(stop, zero)}</strong>
          </Ltr>
          <span className="ruler-word" dir="auto">
            {t(`ruler.${stop.key}`)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function value(stop: Stop, zero: number): string {
  if (stop.at === null) return stop.state === 'unknown' ? '?' : '—';
  return stop.mark === 'T0' ? '0\u00a0s' : offset(stop.at - zero);
}
