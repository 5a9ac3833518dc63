import { clearOutcome, useActs } from '../acts/perform.js';
import { Verb } from '../acts/verb.js';
import { useDesk } from '../desk/desk.js';
import { useNames } from '../people/names.js';
import { choose } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';
import { BehalfPanel } from './behalf-panel.js';
import { DispatchPanel } from './dispatch-panel.js';
import { RegradePanel, ResolvePanel, TransferPanel } from './small-panels.js';

/** Forms of the acts that need a word more, beside the work and never over it; and what became of the last press. */
export function ActPanel({ incident }: { incident: Incident }): React.JSX.Element | null {
  const panel = useDesk((s) => s.panel);
  return (
    <>
      <OutcomeLine incident={incident} />
      {panel === 'transfer' && <TransferPanel incident={incident} />}
      {panel === 'dispatch' && <DispatchPanel incident={incident} />}
      {panel === 'regrade' && <RegradePanel incident={incident} />}
      {panel === 'resolve' && <ResolvePanel incident={incident} />}
      {panel === 'behalf' && <BehalfPanel incident={incident} />}
    </>
  );
}

/** Race lost, refused, nobody answered: said where the act was pressed, until the next one. */
function OutcomeLine({ incident }: { incident: Incident }): React.JSX.Element | null {
  const { t } = useWords();
  const names = useNames();
  const outcome = useActs((s) => s.outcome[incident.id]);
  if (!outcome) return null;
  const act = t(`word.act.${outcome.act}`);
  const head =
    outcome.kind === 'race' ? t('outcome.race', { person: names.person(outcome.by) }) : t('outcome.head', { act });
  const note =
    outcome.kind === 'race'
      ? t('outcome.raceNote')
      : t(`outcome.code.${outcome.code}`, { defaultValue: t('outcome.other', { code: outcome.code }) });
  return (
    <div className="outcome" role="alert">
      <div>
        <strong>{head}</strong>
        <span className="second">{note}</span>
      </div>
      <span className="head-end">
        {outcome.otherId && <Verb small label={t('outcome.openOther')} onPress={() => choose(outcome.otherId ?? '')} />}
        <Verb small label={t('act.understood')} onPress={() => clearOutcome(incident.id)} />
      </span>
    </div>
  );
}
