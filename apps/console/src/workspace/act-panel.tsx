import { useEffect, useRef } from 'react';
import { clearOutcome, useActs } from '../acts/perform.js';
import { Verb } from '../acts/verb.js';
import { showPanel, useDesk } from '../desk/desk.js';
import { Key } from '../keyboard/key.js';
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

/** The frame of a panel: its name, its fields, how to leave. */
export function Panel({
  name,
  note,
  children,
}: {
  name: string;
  note?: string;
  children: React.ReactNode;
}): React.JSX.Element {
  const { t } = useWords();
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => body.current?.querySelector<HTMLElement>('select, input, button:not(:disabled)')?.focus(), []);
  return (
    <section className="act-panel" aria-label={name}>
      <h2>
        {name} {note && <span className="quiet">{note}</span>}
        <button type="button" className="plain head-end" onClick={() => showPanel(null)}>
          {t('act.leave')} <Key of="Escape" />
        </button>
      </h2>
      <div ref={body} className="panel-body">
        {children}
      </div>
    </section>
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
