/**
 * Whose pages may write with the session's cookie and open the socket: PUBLIC_URL, or this machine's own names with the
 * gateway's port. Never the request's own Host, which a rebound name could choose. Law: exact comparison of whole
 * origins; `null`, other ports, other schemes and look-alikes are foreign.
 */
export class Origins {
  private allowed: ReadonlySet<string> = new Set();

  constructor(
    private readonly publicUrl: string | null,
    port: number,
  ) {
    this.listensOn(port);
  }

  /** The port is known for certain only when it is open (0 takes a free one). */
  listensOn(port: number): void {
    const own = this.publicUrl === null ? [] : [new URL(this.publicUrl).origin];
    const local = ['127.0.0.1', 'localhost'].map((host) => new URL(`http://${host}:${port}`).origin);
    this.allowed = new Set([...own, ...local]);
  }

  allows(origin: string): boolean {
    return this.allowed.has(origin);
  }

  /** Where people reach this gateway. */
  get own(): string {
    return [...this.allowed][0] as string;
  }

  /** For the content security policy: the same places, as a socket sees them. */
  get sockets(): readonly string[] {
    return [...this.allowed].map((origin) => origin.replace(/^http/, 'ws'));
  }
}
