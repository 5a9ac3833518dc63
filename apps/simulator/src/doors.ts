import type {
  AlertAnswer,
  AlertView,
  EventView,
  IncidentView,
  Page,
  PersonView,
  SiteView,
  UserView,
} from '@tocsin/contracts';
import type { AlertItem } from '@tocsin/domain';

/** A door that answered with anything but success. */
export class DoorRefused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(`${status} ${code}: ${message}`);
  }
}

type Alert = Omit<AlertItem, 'title'> & { readonly title?: string };

/** Intake, as a panel knows it: one source's token. */
export class IntakeDoor {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async send(alerts: readonly Alert[]): Promise<readonly AlertAnswer[]> {
    const answer = await call<{ alerts: AlertAnswer[] }>(`${this.url}/v1/alerts`, {
      method: 'POST',
      token: this.token,
      body: alerts,
    });
    return answer.alerts;
  }

  alert(id: string): Promise<AlertView> {
    return call(`${this.url}/v1/alerts/${id}`, { token: this.token });
  }
}

/** The gateway, as one signed-in person knows it. */
export class PersonDoor {
  private constructor(
    private readonly url: string,
    private readonly token: string,
    readonly user: UserView,
  ) {}

  static async signIn(url: string, who: { username: string; password: string }): Promise<PersonDoor> {
    const { username, password } = who;
    const answer = await call<{ token: string; user: UserView }>(`${url}/v1/session`, {
      method: 'POST',
      body: { username, password },
    });
    return new PersonDoor(url, answer.token, answer.user);
  }

  signOut(): Promise<void> {
    return call(`${this.url}/v1/session`, { method: 'DELETE', token: this.token });
  }

  /** Any act of `/v1/incidents/:id/`; the answer is the incident as it is then. */
  act(incidentId: string, act: string, body: object = {}): Promise<IncidentView> {
    return call(`${this.url}/v1/incidents/${incidentId}/${act}`, { method: 'POST', token: this.token, body });
  }

  open(body: {
    site: string;
    category: string;
    severity: string;
    title: string;
    description?: string;
  }): Promise<IncidentView> {
    return call(`${this.url}/v1/incidents`, { method: 'POST', token: this.token, body });
  }

  incident(id: string): Promise<IncidentView> {
    return call(`${this.url}/v1/incidents/${id}`, { token: this.token });
  }

  async events(id: string): Promise<readonly EventView[]> {
    return (await call<Page<EventView>>(`${this.url}/v1/incidents/${id}/events`, { token: this.token })).items;
  }

  async sites(): Promise<readonly SiteView[]> {
    return (await call<{ items: SiteView[] }>(`${this.url}/v1/sites`, { token: this.token })).items;
  }

  async people(): Promise<readonly PersonView[]> {
    return (await call<{ items: PersonView[] }>(`${this.url}/v1/people`, { token: this.token })).items;
  }
}

interface Call {
  readonly method?: string;
  readonly token?: string;
  readonly body?: unknown;
}

/** Nothing of ours takes this long; a demo that hangs says nothing. */
const patienceMs = 10_000;

async function call<T>(url: string, { method = 'GET', token, body }: Call): Promise<T> {
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(patienceMs);
  const answer = await fetch(url, { method, headers, ...content, signal }).catch((error: Error) => {
    // undici says "fetch failed" and hides why in the cause.
    const why = (error.cause as { code?: string } | undefined)?.code ?? error.message;
    throw new Error(`${url} does not answer (${why}): is Tocsin running?`, { cause: error });
  });
  const text = await answer.text();
  if (!answer.ok) {
    const { code, message } = parsed<{ code?: string; message?: string }>(text) ?? {};
    throw new DoorRefused(answer.status, code ?? 'unknown', message ?? text.slice(0, 200));
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** What stands before a door (a proxy) may answer in something else than JSON. */
function parsed<T>(text: string): T | null {
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
