import { count, localTime } from '../i18n/times.js';
import { ms } from '../live/clock.js';
import { useLive } from '../live/store.js';
import { FLOOD_UNDER } from '../queue/flood.js';
import { isS1 } from '../queue/sections.js';
import { useView } from '../queue/view.js';
import { useWords } from '../queue/words.js';

const BARS = 40;
const WIDE = 832;
const HIGH = 112;

/** How the flood came, all sites: grey bars with their numbers said, S1 marked one by one above them. */
export function Arrivals(): React.JSX.Element | null {
  const { t } = useWords();
  const flood = useView((s) => s.flood);
  const load = useView((s) => s.counts.load);
  const world = useLive((s) => s.world);
  if (flood === null) return null;
  const recent = [...world.incidents.values()].filter((i) => ms(i.openedAt) >= flood.since - 30_000);
  const last = Math.max(flood.since + 60_000, ...recent.map((i) => ms(i.openedAt)));
  const from = flood.since - (last - flood.since) * 0.05;
  const width = (last - from) / BARS;
  const bars = Array.from({ length: BARS }, () => 0);
  const slot = (at: number): number => Math.min(BARS - 1, Math.max(0, Math.floor((at - from) / width)));
  for (const i of recent) bars[slot(ms(i.openedAt))] = (bars[slot(ms(i.openedAt))] ?? 0) + 1;
  const peak = Math.max(1, ...bars);
  const step = (WIDE - 32) / BARS;
  return (
    <section className="arrivals">
      <h2>
        {t('arrivals.name')}{' '}
        <span className="quiet">{t('arrivals.note', { s: Math.max(1, Math.round(width / 1000)) })}</span>
        <span className="quiet head-end">{t('arrivals.load', { n: count(load), under: FLOOD_UNDER })}</span>
      </h2>
      <svg
        className="never-mirrored"
        viewBox={`0 0 ${WIDE} ${HIGH + 40}`}
        role="img"
        aria-label={t('arrivals.told', { n: count(recent.length), peak })}
      >
        <text x="22" y="28" textAnchor="end" className="chart-text">
          {peak}
        </text>
        <text x="22" y={HIGH + 20} textAnchor="end" className="chart-text">
          0
        </text>
        <path d={`M30 22H${WIDE}M30 ${HIGH + 18}H${WIDE}`} className="chart-line" />
        {bars.map((n, at) => (
          <rect
            key={at}
            className="chart-bar"
            x={32 + at * step}
            width={step - 3}
            y={18 + HIGH - (n / peak) * (HIGH - 4)}
            height={(n / peak) * (HIGH - 4)}
          />
        ))}
        {recent.filter(isS1).map((i) => (
          <path
            key={i.id}
            className="mark-fill g-s1"
            transform={`translate(${32 + slot(ms(i.openedAt)) * step} 2) scale(.6)`}
            d="M7.44 1H16.56L23 7.44V16.56L16.56 23H7.44L1 16.56V7.44Z"
          />
        ))}
        {[0, 0.33, 0.66, 0.99].map((part) => (
          <text
            key={part}
            x={32 + part * (WIDE - 32)}
            y={HIGH + 37}
            textAnchor={part > 0.9 ? 'end' : 'start'}
            className="chart-text"
          >
            {localTime(from + part * (last - from))}
          </text>
        ))}
      </svg>
    </section>
  );
}
