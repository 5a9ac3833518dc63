import { useState } from 'react';
import { Verb } from '../acts/verb.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { useWords } from '../queue/words.js';
import { finish, Panel } from './panel.js';
import type { Incident } from '../wire.js';
import { sendables } from './plan.js';

/** Other teams, or single people, than the routed team. */
export function DispatchPanel({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const teams = useDirectory((s) => s.teams);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [people, setPeople] = useState<ReadonlySet<string>>(new Set());
  const list = sendables(teams, incident);
  const duty = new Map(
    teams.flatMap((team) => team.members.filter((m) => m.onDuty && !m.assignment).map((m) => [m.id, m])),
  );
  const reach = new Set([
    ...people,
    ...teams.filter((x) => chosen.has(x.id)).flatMap((x) => x.members.filter((m) => m.onDuty).map((m) => m.id)),
  ]);
  const body = {
    ...(chosen.size > 0 ? { teams: [...chosen] } : {}),
    ...(people.size > 0 ? { people: [...people] } : {}),
  };
  return (
    <Panel name={t('word.act.dispatch')} note={t('plan.atOnce')}>
      <fieldset className="picks">
        <legend>{t('panel.teams')}</legend>
        {list.map(({ team, onDuty, free }) => (
          <Pick
            key={team.id}
            label={names.text(team.name)}
            note={t('plan.free', { n: free, of: onDuty })}
            on={chosen.has(team.id)}
            onChange={() => setChosen(flip(chosen, team.id))}
          />
        ))}
      </fieldset>
      <fieldset className="picks">
        <legend>{t('panel.people')}</legend>
        {[...duty.values()].map((m) => (
          <Pick
            key={m.id}
            label={names.text(m.name)}
            on={people.has(m.id)}
            onChange={() => setPeople(flip(people, m.id))}
          />
        ))}
      </fieldset>
      <Verb
        label={t('panel.dispatchN', { count: reach.size })}
        primary={reach.size > 0}
        why={reach.size === 0 ? t('panel.nobodyChosen') : null}
        act="dispatch"
        incident={incident}
        onPress={() => void finish(incident, 'dispatch', body)}
      />
    </Panel>
  );
}

function flip(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

function Pick({
  label,
  note,
  on,
  onChange,
}: {
  label: string;
  note?: string;
  on: boolean;
  onChange: () => void;
}): React.JSX.Element {
  return (
    <label className="pick">
      <input type="checkbox" checked={on} onChange={onChange} />
      <span>{label}</span>
      {note && <span className="quiet">{note}</span>}
    </label>
  );
}
