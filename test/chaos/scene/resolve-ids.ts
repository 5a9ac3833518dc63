import type { Scene } from './shapes';

/** The scene with the UUIDs that the service gave to its people. `token`: of anybody who is signed in. */
export async function resolveIds(scene: Scene, gateway: string, token: string): Promise<Scene> {
  const response = await fetch(`${gateway}/v1/people`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`GET /v1/people: ${response.status} ${await response.text()}`);
  const { items } = (await response.json()) as { items: readonly { id: string; slug: string }[] };
  const ids = new Map(items.map(({ id, slug }) => [slug, id]));
  return { ...scene, people: scene.people.map((person) => ({ ...person, id: ids.get(person.slug) ?? null })) };
}
