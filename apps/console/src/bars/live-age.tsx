import { useEffect, useRef } from 'react';
import { clock } from '../live/clock.js';

/** Seconds since the last heartbeat, ten times a second, written past React: the one number that never rests. */
export function LiveAge(): React.JSX.Element {
  const el = useRef<HTMLElement>(null);
  useEffect(() => {
    const write = (): void => {
      const silence = clock.silence();
      if (el.current) el.current.textContent = Number.isFinite(silence) ? `${(silence / 1000).toFixed(1)}\u00a0s` : '—';
    };
    write();
    const timer = setInterval(write, 100);
    return () => clearInterval(timer);
  }, []);
  return <bdi dir="ltr" ref={el} />;
}
