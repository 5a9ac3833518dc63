import { useRef } from 'react';
import { perform } from '../acts/perform.js';
import { setDraft, useDesk } from '../desk/desk.js';
import { Key } from '../keyboard/key.js';
import { useStale } from '../live/clock.js';
import { useWords } from '../queue/words.js';
import type { Incident } from '../wire.js';

export const NOTE_FIELD = 'note-field';

/** One line of note; Enter sends it. What was typed stays with its incident until the server has it. */
export function NoteLine({ incident }: { incident: Incident }): React.JSX.Element {
  const { t } = useWords();
  const draft = useDesk((s) => s.drafts[incident.id] ?? '');
  const stale = useStale() >= 0;
  const sending = useRef(false);
  const submit = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    const text = draft.trim();
    if (!text || sending.current) return;
    sending.current = true;
    const sent = await perform(incident, 'note', { text });
    sending.current = false;
    if (sent && useDesk.getState().drafts[incident.id]?.trim() === text) setDraft(incident.id, '');
  };
  return (
    <form className="note-line" onSubmit={(e) => void submit(e)}>
      <label className="field">
        <span className="visually-hidden">{t('note.name')}</span>
        <input
          id={NOTE_FIELD}
          dir="auto"
          value={draft}
          maxLength={8000}
          placeholder={t('note.write')}
          autoComplete="off"
          onChange={(e) => setDraft(incident.id, e.target.value)}
          onKeyDown={(e) => e.key === 'Escape' && e.currentTarget.blur()}
        />
        <Key of="KeyN" />
      </label>
      <button type="submit" className="verb" disabled={!draft.trim() || stale}>
        {t('act.note')} <Key of="Enter" />
      </button>
      {stale && draft.trim() && <strong className="not-sent">{t('note.notSent')}</strong>}
    </form>
  );
}
