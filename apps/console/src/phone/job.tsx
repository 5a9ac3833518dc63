import { useState } from 'react';
import { perform, useActs } from '../acts/perform.js';
import { Verb } from '../acts/verb.js';
import { useHand } from '../acts/use-hand.js';
import { activeAssignments, nextOfMine } from '../acts/verbs.js';
import { localTime } from '../i18n/times.js';
import { visible } from '../i18n/visible.js';
import { ms } from '../live/clock.js';
import { Hand, Mark } from '../mark/mark.js';
import { placeOf, useNames } from '../people/names.js';
import { Age, Ltr } from '../queue/age.js';
import { lookOf } from '../queue/row.js';
import { grade } from '../queue/sections.js';
import { gradeName, useWords } from '../queue/words.js';
import type { Assignment, Incident } from '../wire.js';

const handed = new Set(['duress', 'panic', 'hold-up']);

export const myAssignment = (i: Incident, me: string): Assignment | undefined =>
  activeAssignments(i).findLast((a) => a.person === me);

/** One job: what, how old, where, who is on it, and the next act in the thumb's reach. */
export function Job({ incident }: { incident: Incident }): React.JSX.Element {
  const { t, title } = useWords();
  const names = useNames();
  const place = placeOf(incident, names);
  const raised = ms(incident.occurredAt ?? incident.openedAt);
  return (
    <main className="job">
      <div className="job-head">
        <Mark grade={grade(incident)} look={lookOf(incident)} size={88} />
        <div>
          <h1>
            <bdi>{title(incident)}</bdi>
          </h1>
          <p>
            <Age since={incident.occurredAt ?? incident.openedAt} className="job-age" />{' '}
            <span className="second">{t('phone.raised', { time: localTime(raised) })}</span>
          </p>
          <p className="second job-grade">
            {handed.has(incident.category) && <Hand size={24} />} {gradeName(t, incident)}
          </p>
        </div>
      </div>
      <p className="job-site">
        <Ltr>{place.code}</Ltr> {place.name}
      </p>
      {place.zone && <p className="job-zone">{place.zone}</p>}
      {incident.description && (
        <p className="job-words reading" dir="auto">
          {visible(incident.description)}
        </p>
      )}
      <Others incident={incident} />
      <JobVerbs incident={incident} />
    </main>
  );
}

function Others({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const me = useHand().me;
  return (
    <ul className="job-others">
      {(incident.assignments ?? []).map((a) => (
        <li key={a.id ?? a.person}>
          <strong>
            <bdi>{a.person === me ? t('phone.you') : names.person(a.person)}</bdi>
          </strong>
          <span>{t(`word.assignment.${a.state}`)}</span>
          {a.at && (
            <span className="second head-end">
              <Ltr>{localTime(ms(a.at))}</Ltr>
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

const reasons = ['far', 'busy', 'unfit'] as const;

function JobVerbs({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const hand = useHand();
  const [asking, setAsking] = useState(false);
  const outcome = useActs((s) => s.outcome[incident.id]);
  const acts = nextOfMine(myAssignment(incident, hand.me));
  const [first, ...rest] = acts.filter((a) => a !== 'decline');
  const refused = hand.stale ? 'no-link' : null;
  return (
    <div className="job-verbs">
      {outcome && (
        <p className="not-sent-box" role="alert">
          <strong>
            {t(outcome.kind === 'offline' ? 'phone.notSent' : 'outcome.head', { act: t(`word.act.${outcome.act}`) })}
          </strong>{' '}
          {t(`outcome.code.${outcome.code}`, { defaultValue: t('outcome.other', { code: outcome.code }) })}
        </p>
      )}
      {first && (
        <Verb
          label={t(`phone.act.${first}`)}
          primary
          className="huge"
          act={first}
          incident={incident}
          why={refused}
          onPress={() => void perform(incident, first)}
        />
      )}
      <div className="job-small">
        {rest.map((act) => (
          <Verb
            key={act}
            label={t(`phone.act.${act}`)}
            className="big"
            act={act}
            incident={incident}
            why={refused}
            onPress={() => void perform(incident, act)}
          />
        ))}
        {acts.includes('decline') && (
          <Verb
            label={t('phone.cannot')}
            className="big"
            pressed={asking}
            why={refused}
            onPress={() => setAsking(!asking)}
          />
        )}
        {incident.state === 'open' && (
          <Verb
            label={t('phone.seen')}
            className="big"
            act="acknowledge"
            incident={incident}
            why={refused}
            onPress={() => void perform(incident, 'acknowledge')}
          />
        )}
      </div>
      {asking && (
        <div className="job-small">
          {reasons.map((why) => (
            <Verb
              key={why}
              label={t(`phone.why.${why}`)}
              className="big"
              act="decline"
              incident={incident}
              why={refused}
              onPress={() => void perform(incident, 'decline', { why: t(`phone.why.${why}`) })}
            />
          ))}
        </div>
      )}
    </div>
  );
}
