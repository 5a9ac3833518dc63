import { useEffect, useRef } from 'react';
import { perform } from '../acts/perform.js';
import { showPanel } from '../desk/desk.js';
import { Key } from '../keyboard/key.js';
import { useWords } from '../queue/words.js';
import type { ActName, Incident } from '../wire.js';

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

/** Sends the act; the panel closes when it stands, and keeps its fields when it does not. */
export async function finish(
  incident: Incident,
  act: ActName,
  body: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const stands = await perform(incident, act, body);
  if (stands) showPanel(null);
  return stands;
}
