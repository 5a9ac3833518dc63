import { useEffect, useRef, useState } from 'react';
import { newKey } from '../acts/new-key.js';
import { perform } from '../acts/perform.js';
import { Verb } from '../acts/verb.js';
import { Refused } from '../api/http.js';
import { openByHand } from '../api/incidents.js';
import { closeForm } from '../desk/desk.js';
import { age } from '../i18n/times.js';
import { Key } from '../keyboard/key.js';
import { clock, useStale } from '../live/clock.js';
import { link } from '../live/link.js';
import { Ltr } from '../queue/age.js';
import { choose } from '../queue/view.js';
import { useWords } from '../queue/words.js';
import { Explain } from './explain.js';
import { FormFields } from './form-fields.js';
import { LookAlike } from './look-alike.js';
import { bodyOf, clearRaise, faultsOf, type RaiseDraft, useRaise } from './raise-draft.js';

/** Open an incident by hand, from a phone or radio call. A pane, never over the queue, which stays live beside it. */
export function RaiseForm(): React.JSX.Element {
  const { t } = useWords();
  const draft = useRaise();
  const stale = useStale() >= 0;
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [sending, setSending] = useState(false);
  const key = useRef(newKey());
  const faults = faultsOf(draft);
  const submit = async (take: boolean): Promise<void> => {
    setTried(true);
    if (faults.length > 0 || stale || sending) return;
    setSending(true);
    setRefused(await send(draft, key.current, take));
    setSending(false);
  };
  return (
    <form
      className="raise-form"
      onSubmit={(e) => {
        e.preventDefault();
        void submit(false);
      }}
    >
      <Head />
      <div className="raise-body">
        <FormFields faults={tried ? faults : []} />
        {refused && (
          <p className="fault" role="alert">
            <strong>{t('form.refused')}</strong>{' '}
            {refused.body.errors?.map((e) => `${e.path}: ${e.message}`).join('; ') ??
              t(`outcome.code.${refused.code}`, { defaultValue: refused.body.message ?? refused.code })}
          </p>
        )}
        <LookAlike />
        <Explain />
      </div>
      <div className="rail">
        <button type="submit" className="verb primary" disabled={stale || sending}>
          <span>
            {sending
              ? t('form.sending')
              : stale
                ? t('plan.noLink')
                : t('form.send', { grade: t(`word.severity.${draft.severity}`) })}
          </span>{' '}
          <Key of="Ctrl+Alt+Enter" />
        </button>
        <Verb label={t('form.sendTake')} why={stale ? 'no-link' : null} onPress={() => void submit(true)} />
        <span className="rail-gap" />
        <Verb label={t('form.leave')} cap="Escape" onPress={closeForm} />
      </div>
    </form>
  );
}

/** null when the incident stands; the form is then empty again and the incident open. */
async function send(draft: RaiseDraft, key: string, take: boolean): Promise<Refused | null> {
  try {
    const incident = await openByHand(bodyOf(draft, clock.now()), key);
    clearRaise();
    closeForm();
    if (!incident) return null;
    link.enter({ kind: 'row', incident });
    choose(incident.id);
    if (take) void perform(incident, 'take', { expectedVersion: incident.version });
    return null;
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
}

function Head(): React.JSX.Element {
  const { t } = useWords();
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const from = performance.now();
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - from) / 1000)), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <header className="incident-head form-head">
      <div className="head-text">
        <h1>{t('form.title')}</h1>
        <p className="where">
          {t('form.note')} <Key of="F2" />
        </p>
      </div>
      <div className="head-since">
        <Ltr className="title-size">{age(seconds * 1000)}</Ltr>
        <span className="second">{t('form.since')}</span>
      </div>
    </header>
  );
}
