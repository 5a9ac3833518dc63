/**
 * Whose pages may write with the session's cookie and open the socket: PUBLIC_URL, or this machine's own names with the
 * gateway's port. Never the request's own Host, which a rebound name could choose. Law: exact comparison of whole
 * origins; `null`, other ports, other schemes and look-alikes are foreign.
 */
export class Origins {
  private readonly allowed: ReadonlySet<string>;

  constructor(options: { publicUrl: string | null; port: number }) {
    const own = options.publicUrl === null ? [] : [new URL(options.publicUrl).origin];
    const local = ['127.0.0.1', 'localhost'].map((host) => new URL(`http://${host}:${options.port}`).origin);
    this.allowed = new Set([...own, ...local]);
  }

  allows(origin: string): boolean {
    return this.allowed.has(origin);
  }

  /** For the content security policy: the same places, as a socket sees them. */
  get sockets(): readonly string[] {
    return [...this.allowed].map((origin) => origin.replace(/^http/, 'ws'));
  }
}
