import { useState } from 'react';
import { perform } from '../acts/perform.js';
import { Verb } from '../acts/verb.js';
import { activeAssignments, nextOfMine } from '../acts/verbs.js';
import { clock } from '../live/clock.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { useWords } from '../queue/words.js';
import { Panel } from './panel.js';
import type { Incident } from '../wire.js';

/** Radio said so: the act counts for the person who spoke, and for the time it was said at. */
export function BehalfPanel({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const teams = useDirectory((s) => s.teams);
  const sent = activeAssignments(incident);
  const members = teams.flatMap((team) => team.members.filter((m) => m.onDuty));
  const people = [...new Set([...sent.map((a) => a.person), ...members.map((m) => m.id)])];
  const [person, setPerson] = useState(sent[0]?.person ?? '');
  const [minutes, setMinutes] = useState(0);
  const theirs = sent.find((a) => a.person === person);
  const occurredAt = minutes > 0 ? { occurredAt: new Date(clock.now() - minutes * 60_000).toISOString() } : {};
  return (
    <Panel name={t('rail.behalf')} note={t('panel.behalfNote')}>
      <label className="field-block">
        <span>{t('panel.person')}</span>
        <select value={person} onChange={(e) => setPerson(e.target.value)}>
          <option value="">{t('panel.choose')}</option>
          {people.map((id) => (
            <option key={id} value={id}>
              {names.person(id)}
            </option>
          ))}
        </select>
      </label>
      <label className="field-block short">
        <span>{t('panel.ago')}</span>
        <input
          type="number"
          min={0}
          max={720}
          value={minutes}
          onChange={(e) => setMinutes(Math.max(0, Number(e.target.value) || 0))}
        />
      </label>
      {person !== '' &&
        nextOfMine(theirs).map((act) => (
          <Verb
            key={act}
            label={t(`word.act.${act}`)}
            act={act}
            incident={incident}
            onPress={() => void perform(incident, act, { onBehalfOf: person, ...occurredAt })}
          />
        ))}
    </Panel>
  );
}
