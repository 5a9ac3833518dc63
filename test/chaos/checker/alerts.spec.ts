/** What may go wrong with alerts and where they go (I1 to I6), each found by its own invariant and no other. */
import { example } from './example';
import { check } from './index';
import { alertOf, caught, drop, found, incidentOf } from './example/find';
import { at, newId, say, type Story } from './example/story';
import { act, step } from './example/climb';
import { accept, join, open } from './example/tell';

function dropAlert(story: Story, key: string): void {
  const { id, incident } = alertOf(story, key);
  drop(story.rows.alerts, (row) => row.id === id);
  drop(story.events, ({ data }) => data?.['alertId'] === id);
  for (const row of story.rows.incidents) if (row.id === incident) row.alertCount -= 1;
}

describe('I1', () => {
  it('finds an answered alert that is not stored', () => {
    expect(caught(example((story) => dropAlert(story, 'north-2')))).toEqual(['I1']);
  });

  it('finds an answer that names an alert which is not stored, though its key is', () => {
    const input = example();
    const ok = found(input.history, (line) => line.f === 'submit' && line.ph === 'ok' && line.key === 'north-2');
    Object.assign(ok, { alertId: 'another' });
    expect(caught(input)).toEqual(['I1']);
  });
});

describe('I2', () => {
  it('finds an alert that nobody sent', () => {
    const invent = (story: Story): void => {
      const ghost = {
        ...alertOf(story, 'north-2'),
        id: newId(story),
        key: 'ghost',
        rawSha256: 'of nobody',
        acceptedAt: at(4),
      };
      story.rows.alerts.push(ghost);
      join(story, ghost, incidentOf(story, 'north-2'));
    };
    expect(caught(example(invent))).toEqual(['I2']);
  });

  it('finds an alert that was refused each time', () => {
    const input = { ...example(), checksLiveness: false };
    for (const line of input.history)
      if (line.f === 'submit' && line.key === 'north-2' && line.ph === 'ok')
        Object.assign(line, { ph: 'fail', httpStatus: 422 });
    expect(caught(input)).toEqual(['I2']);
  });

  it('finds an alert that was accepted before it was sent', () => {
    const input = example();
    for (const line of input.history) if (line.f === 'submit' && line.key === 'panic-1') line.t += 900;
    expect(caught(input)).toEqual(['I2']);
  });
});

describe('I3', () => {
  const double = (key: string) => (story: Story) => {
    const again = { ...alertOf(story, key), id: newId(story), acceptedAt: at(8) };
    story.rows.alerts.push(again);
    join(story, again, incidentOf(story, key));
  };

  it('finds a second alert of a key that still fires', () => {
    expect(caught(example(double('panic-1')))).toEqual(['I3']);
  });

  it('finds one after a resolution by nobody', () => {
    const resolved = (story: Story): void => {
      alertOf(story, 'panic-1').status = 'resolved';
      double('panic-1')(story);
    };
    expect(caught(example(resolved))).toEqual(['I3']);
  });
});

describe('I4', () => {
  it('finds other bytes than were sent, and another place in them', () => {
    expect(caught(example((story) => (alertOf(story, 'north-2').rawSha256 = 'f'.repeat(64))))).toEqual(['I4']);
    expect(caught(example((story) => (alertOf(story, 'north-2').rawIndex = 1)))).toEqual(['I4']);
  });

  it('finds another zone and another severity than were sent', () => {
    expect(caught(example((story) => (alertOf(story, 'north-2').zone = 'hall')))).toEqual(['I4']);
    expect(caught(example((story) => (alertOf(story, 'north-2').severity = 'low')))).toEqual(['I4']);
  });
});

describe('I5', () => {
  const elsewhere = (story: Story): void => {
    const alert = alertOf(story, 'north-2');
    incidentOf(story, 'north-2').alertCount -= 1;
    drop(story.events, ({ data }) => data?.['alertId'] === alert.id);
    join(story, alert, incidentOf(story, 'panic-1'));
  };

  it('finds an alert in the incident of another group', () => {
    const late = (story: Story): void => {
      elsewhere(story);
      const event = found(story.events, ({ data }) => data?.['alertId'] === alertOf(story, 'north-2').id);
      Object.assign(event, { at: at(6), atText: new Date(at(6)).toISOString().replace('Z', '000Z') });
    };
    expect(caught(example(late))).toEqual(['I5']);
  });

  it('finds two unresolved incidents of one group', () => {
    const second = (story: Story): void => {
      const incident = open(
        story,
        accept(story, { key: 'north-3', site: 'site-1', category: 'intrusion', severity: 'high', at: at(4) }),
      );
      step(story, incident);
      act(story, incident, { act: 'resolve', at: at(6) });
    };
    expect(caught(example(second))).toEqual(['I5']);
  });

  it('finds an alert that is in no incident, and one that the log took in twice', () => {
    const unmerged = (story: Story): void => {
      const alert = alertOf(story, 'north-2');
      drop(story.events, ({ data }) => data?.['alertId'] === alert.id);
      incidentOf(story, 'north-2').alertCount -= 1;
      [alert.incident, alert.mergedAt, alert.isWaiting] = [null, null, true];
    };
    expect(caught(example(unmerged))).toEqual(['I5']);
    const twice = (story: Story): void => {
      const { id: alertId, key } = alertOf(story, 'north-2');
      const event = found(story.events, ({ data }) => data?.['alertId'] === alertId);
      say(story, {
        stream: event.stream,
        type: event.type,
        at: at(5),
        site: event.site,
        data: { alertId, key },
        code: 'accepted-joins',
      });
    };
    expect(caught(example(twice))).toEqual(['I5']);
  });

  it('is content with an alert that came just before the tables were read', () => {
    const coming = (ms: number) => (story: Story) => {
      const alert = accept(story, {
        key: 'late-1',
        site: 'site-2',
        category: 'leak',
        severity: 'low',
        at: story.endsAt - ms,
      });
      alert.isWaiting = true;
    };
    expect(caught(example(coming(4_000)))).toEqual([]);
    expect(caught(example(coming(6_000)))).toEqual(['I5']);
  });

  it('lets a repeat after a resolution take its alert to the next incident, and no other', () => {
    const taken = (key: string, seconds: number) => (story: Story) => {
      const alert = alertOf(story, key);
      alert.acceptedAt = at(seconds) - 20;
      join(story, alert, incidentOf(story, 'fire-1'));
    };
    // Of other groups, which is not asked here: what it says is that the old one had, or had not, been resolved.
    const whatOf = (change: (story: Story) => void): string[] =>
      check(example(change)).violations.map(({ what }) => what);
    const early = (whats: string[]): string[] => whats.filter((what) => what.includes('was not resolved'));
    expect(early(whatOf(taken('north-2', 39)))).toEqual([]);
    expect(early(whatOf(taken('panic-1', 39)))).toHaveLength(1);
  });

  it('finds a count that differs from the members', () => {
    expect(caught(example((story) => (incidentOf(story, 'panic-1').alertCount += 1)))).toEqual(['I5']);
  });
});

describe('I6', () => {
  it('finds a run of another team, and steps that are not those of its policy', () => {
    const plan = (change: object) => (story: Story) => {
      const incident = incidentOf(story, 'panic-1');
      const run = found(story.rows.runs, (row) => row.incident === incident.id);
      run.plan = { ...(run.plan as object), ...change };
      incident.team = (run.plan as { team: string }).team;
    };
    expect(caught(example(plan({ team: 'north' })))).toEqual(['I6']);
    expect(caught(example(plan({ steps: [] })))).toEqual(['I6']);
  });
});
