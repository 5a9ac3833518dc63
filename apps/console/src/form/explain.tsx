import { useEffect, useState } from 'react';
import { Refused } from '../api/http.js';
import { explain } from '../api/incidents.js';
import { Ltr } from '../queue/age.js';
import { useWords } from '../queue/words.js';
import type { Explanation } from '../wire.js';
import { useRaise } from './raise-draft.js';

/** A dry run is asked for once the fields have rested this long. */
const REST_MS = 250;
const SHOWN = 5;

/** Who would be paged, and when: the gateway's own dry run of what this form says. Sends nothing. */
export function Explain(): React.JSX.Element | null {
  const { t } = useWords();
  const answer = useExplanation();
  if (answer === null) return null;
  if (answer === 'failed') return <p className="second pad-y">{t('explain.failed')}</p>;
  const pages = answer.moments.filter((m) => m.pages.length > 0).slice(0, SHOWN);
  return (
    <section className="explain" aria-label={t('explain.name')}>
      <h2>
        {t('explain.name')}{' '}
        <span className="quiet">
          {t('explain.note')} <Ltr>{answer.route.route}</Ltr>
        </span>
      </h2>
      {pages.length === 0 && <p className="fault">{t('explain.nobody')}</p>}
      <ol>
        {pages.map((m) => (
          <li key={`${m.kind} ${m.afterS}`}>
            <Ltr className="strong">{`${m.afterS}\u00a0s`}</Ltr>
            <bdi>{named(m.pages.map((p) => p.target.name))}</bdi>
            <span className="second">
              {t('explain.people', { count: m.pages.length })} ·{' '}
              {channelsOf(m)
                .map((c) => t(`word.channel.${c}`, { defaultValue: c }))
                .join(', ')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

const named = (names: readonly string[]): string =>
  [...names.slice(0, 3), ...(names.length > 3 ? [`+${names.length - 3}`] : [])].join(', ');
const channelsOf = (m: Explanation['moments'][number]): readonly string[] => [
  ...new Set(m.pages.flatMap((p) => p.channels.map((c) => c.channel))),
];

function useExplanation(): Explanation | 'failed' | null {
  const { site, zone, category, severity } = useRaise();
  const [answer, setAnswer] = useState<Explanation | 'failed' | null>(null);
  useEffect(() => {
    if (site === '' || category === '') return;
    let wanted = true;
    const ask = async (): Promise<void> => {
      const alert = { key: 'by-hand', site, category, severity, title: category, ...(zone ? { zone } : {}) };
      const said = await explain(alert).catch((error: unknown) => {
        if (error instanceof Refused) return 'failed' as const;
        throw error;
      });
      if (wanted) setAnswer(said);
    };
    const timer = setTimeout(() => void ask(), REST_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [site, zone, category, severity]);
  return site === '' || category === '' ? null : answer;
}
