import { visible } from '../i18n/visible.js';
import { useDirectory } from '../people/directory.js';
import { placeOf, useNames } from '../people/names.js';
import { Ltr } from '../queue/age.js';
import { categoryOf, headed, useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { useEvents } from './record.js';

/** What, who said so, where, in the fewest words that let a person act. */
export function Facts({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  const events = useEvents(incident.id);
  const opened = events.find((e) => e.type === 'alert.accepted' || e.type === 'incident.opened');
  const source = incident.source ?? (typeof opened?.data?.['source'] === 'string' ? opened.data['source'] : null);
  const by = opened?.actor.kind === 'person' ? names.person(opened.actor.id) : null;
  const what = [
    headed(categoryOf(t, incident.category)),
    t(`word.condition.${incident.condition}`),
    t('facts.alerts', { count: incident.alertCount }),
  ];
  useDirectory((s) => s.sites);
  return (
    <dl className="facts">
      <Fact name={t('facts.what')}>{what.join(' · ')}</Fact>
      {incident.description && (
        <Fact name={t('facts.words')}>
          <span className="reading" dir="auto">
            {visible(incident.description)}
          </span>
        </Fact>
      )}
      <Fact name={t('facts.who')}>
        {by ? t('facts.byHand', { person: by }) : source ? <Ltr>{source}</Ltr> : t('facts.unknown')}
      </Fact>
      <Fact name={t('facts.where')}>
        {place.name ? (
          <>
            {place.code && <Ltr>{place.code}</Ltr>} {[place.name, place.zone].filter(Boolean).join(' › ')}
          </>
        ) : (
          t('facts.noSite')
        )}
      </Fact>
      {incident.labels && Object.keys(incident.labels).length > 0 && (
        <Fact name={t('facts.labels')}>
          <Ltr>
            {Object.entries(incident.labels)
              .map(([k, v]) => visible(`${k} ${v}`))
              .join(' · ')}
          </Ltr>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
