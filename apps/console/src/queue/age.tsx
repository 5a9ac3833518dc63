import { ms, useSecond } from '../live/clock.js';
import { age } from '../i18n/times.js';

/** How long ago, by the server's clock; stands still while stale. Always left to right. */
export function Age({ since, className }: { since: string; className?: string }): React.JSX.Element {
  const second = useSecond();
  const passed = second * 1000 - Math.floor(ms(since) / 1000) * 1000;
  return (
    <bdi dir="ltr" className={`${className ?? 'age'}${passed >= 3_600_000 ? ' long' : ''}`}>
      {second === 0 ? '?' : age(passed)}
    </bdi>
  );
}

/** A Latin or digit run that sits alone in any direction of text. */
export function Ltr({ children, className }: { children: React.ReactNode; className?: string }): React.JSX.Element {
  return (
    <bdi dir="ltr" className={className}>
      {children}
    </bdi>
  );
}
