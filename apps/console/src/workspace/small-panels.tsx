import { useState } from 'react';
import { Verb } from '../acts/verb.js';
import { Mark } from '../mark/mark.js';
import { useDirectory } from '../people/directory.js';
import { useNames } from '../people/names.js';
import { useWords } from '../queue/words.js';
import { useSession } from '../sign-in/session.js';
import type { Incident, Severity } from '../wire.js';
import { finish, Panel } from './panel.js';

export function TransferPanel({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const names = useNames();
  const me = useSession((s) => s.user?.id);
  const people = useDirectory((s) => s.people);
  const [to, setTo] = useState('');
  const others = [...people.values()].filter((p) => p.id !== incident.owner && p.username !== null);
  return (
    <Panel name={t('word.act.transfer')} note={t('panel.transferNote')}>
      <label className="field-block">
        <span>{t('panel.to')}</span>
        <select value={to} onChange={(e) => setTo(e.target.value)}>
          <option value="">{t('panel.choose')}</option>
          {others.map((p) => (
            <option key={p.id} value={p.id}>
              {p.id === me ? t('panel.me', { person: names.text(p.name) }) : names.text(p.name)}
            </option>
          ))}
        </select>
      </label>
      <Verb
        label={to ? t('panel.transferTo', { person: names.person(to) }) : t('word.act.transfer')}
        primary={to !== ''}
        act="transfer"
        incident={incident}
        why={to === '' ? t('panel.choosePerson') : null}
        onPress={() => void finish(incident, 'transfer', { to, expectedVersion: incident.version })}
      />
    </Panel>
  );
}

const grades: readonly (readonly [Severity, 's1' | 's2' | 's3' | 's4'])[] = [
  ['critical', 's1'],
  ['high', 's2'],
  ['medium', 's3'],
  ['low', 's4'],
];

export function RegradePanel({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  return (
    <Panel name={t('word.act.regrade')} note={t('panel.regradeNote')}>
      {grades.map(([severity, grade]) => (
        <Verb
          key={severity}
          label={t(`word.severity.${severity}`)}
          pressed={severity === incident.severity}
          why={severity === incident.severity ? t('panel.isNow') : null}
          onPress={() => void finish(incident, 'regrade', { severity, expectedVersion: incident.version })}
        >
          <Mark grade={grade} look="filled" size={20} />
        </Verb>
      ))}
    </Panel>
  );
}

const dispositions = ['true', 'false', 'test', 'unknown'] as const;

/** The cause is dealt with: what was it? One press says both. */
export function ResolvePanel({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  return (
    <Panel name={t('word.act.resolve')} note={t('panel.resolveNote')}>
      {dispositions.map((disposition) => (
        <Verb
          key={disposition}
          label={t(`word.disposition.${disposition}`)}
          act="resolve"
          incident={incident}
          onPress={() => void finish(incident, 'resolve', { disposition, expectedVersion: incident.version })}
        />
      ))}
    </Panel>
  );
}
