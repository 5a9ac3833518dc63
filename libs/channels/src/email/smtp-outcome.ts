import type { SendOutcome } from '../channel.js';

/** What nodemailer's errors carry. */
export interface SmtpError {
  readonly code?: string;
  readonly responseCode?: number;
  readonly name?: string;
}

/**
 * RFC 5321 section 4.2.1: 5yz will not change by asking again, 4yz may. Without an answer it depends on whether the
 * whole text had left (`bodySent`): then it may have been taken.
 */
export function smtpOutcome(error: SmtpError, bodySent: boolean, timedOut: boolean): SendOutcome {
  const { responseCode } = error;
  if (responseCode !== undefined && responseCode >= 500)
    return { kind: 'refused-for-good', code: `smtp-${responseCode}` };
  if (responseCode !== undefined && responseCode >= 400) return { kind: 'try-later', code: `smtp-${responseCode}` };
  const code = timedOut ? 'timeout' : (error.code ?? error.name ?? 'smtp');
  if (bodySent) return { kind: 'unknown', code };
  if (code === 'EENVELOPE') return { kind: 'refused-for-good', code: 'bad-address' };
  return { kind: 'try-later', code };
}
