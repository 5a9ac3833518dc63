import { localTime, utcTime } from '../i18n/times.js';
import { clock, ms, useStale } from '../live/clock.js';
import { Hand, Mark } from '../mark/mark.js';
import { placeOf, useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import { lookOf } from '../queue/row.js';
import { grade } from '../queue/sections.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

const handed = new Set(['duress', 'panic', 'hold-up']);

/** What it is, where, since when, and whose. */
export function Header({ incident }: { incident: Incident }): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  const stale = useStale() >= 0;
  const closed = incident.state === 'closed';
  return (
    <header className="incident-head">
      <div className="head-mark">{!closed && <Mark grade={grade(incident)} look={lookOf(incident)} size={56} />}</div>
      <div className="head-text">
        <h1>
          <span>
            {t(`word.short.${grade(incident)}`)} <bdi>{title(incident)}</bdi>
          </span>
          {handed.has(incident.category) && <Hand />}
          <Ltr className="number">{incident.number}</Ltr>
        </h1>
        <p className="where">
          {place.code && <Ltr>{place.code}</Ltr>}{' '}
          {[place.name, place.zone].filter(Boolean).join(' · ') || t('facts.noSite')}
        </p>
        <Story incident={incident} />
      </div>
      <div className="head-since">
        <Age since={incident.occurredAt ?? incident.openedAt} className="since" />
        <span className="second">{t(incident.occurredAt ? 'head.sincePress' : 'head.sinceRaised')}</span>
        {stale && <span className="stale-tag">{t('stale.asOf', { time: localTime(clock.now()) })}</span>}
      </div>
    </header>
  );
}

function Story({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const raised = ms(incident.occurredAt ?? incident.openedAt);
  const parts = [t('head.raised', { time: localTime(raised), utc: `${utcTime(raised)}Z` })];
  if (incident.state === 'open') parts.push(t(incident.condition === 'normal' ? 'head.untakenNormal' : 'head.untaken'));
  if (incident.acknowledgedAt && incident.state !== 'open')
    parts.push(t('head.taken', { time: localTime(ms(incident.acknowledgedAt)) }));
  if (incident.owner) parts.push(t('head.by', { person: names.person(incident.owner) }));
  if (incident.state === 'acknowledged' && !incident.owner) parts.push(t('row.noOwner'));
  if (incident.resolvedAt && (incident.state === 'resolved' || incident.state === 'closed'))
    parts.push(t('head.resolved', { time: localTime(ms(incident.resolvedAt)) }));
  if (incident.closedAt && incident.state === 'closed')
    parts.push(t('head.closed', { time: localTime(ms(incident.closedAt)) }));
  return <p className="second story">{parts.join(' · ')}</p>;
}
