/**
 * A signal that aborts with its parent or after `ms` (reason: TimeoutError). `AbortSignal.any` over a parent that lives
 * as long as the process keeps every child's record (nodejs/node#54614) and cost a quarter of a send in garbage; here
 * `release` leaves nothing behind.
 */
export function deadline(parent: AbortSignal, ms: number): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort(parent.reason);
  if (parent.aborted) abort();
  else parent.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => controller.abort(new DOMException('no answer in time', 'TimeoutError')), ms);
  return {
    signal: controller.signal,
    release: () => {
      clearTimeout(timer);
      parent.removeEventListener('abort', abort);
    },
  };
}
