/** Requests that intake must refuse: one place to add to. `status` and `code` are what OpenAPI documents. */
export interface BadCase {
  readonly name: string;
  readonly path?: string;
  readonly method?: string;
  readonly body?: string | Uint8Array | object;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** Source whose token is sent; null sends none. */
  readonly as?: string | null;
  readonly status: number;
  readonly code: string;
  /** Path that the answer must name. */
  readonly at?: string;
}

/** An alert that is taken, to be spoiled in one place. */
export const good = (key: string) => ({ key, site: 'gate-1', title: 'Door', severity: 'low' });
