import { useEffect, useState } from 'react';

const read = (): number => performance.now();

/** The monotonic clock as of the last tick, in ms; ticks only while `on`. Counts down without reading a clock while painting. */
export function useMono(everyMs: number, on = true): number {
  const [now, setNow] = useState(read);
  useEffect(() => {
    if (!on) return;
    const tick = (): void => setNow(read());
    tick();
    const timer = setInterval(tick, everyMs);
    return () => clearInterval(timer);
  }, [everyMs, on]);
  return now;
}
