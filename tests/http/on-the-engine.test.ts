// The same door over the database: people and sessions are kept there, and outlive the server.
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { allDefinitions } from '../../models/all.ts';
import { connectDatabase, type Database } from '../../models/connection.ts';
import { createMongoStore } from '../../models/mongo-store.ts';
import { createSessionStore } from '../../src/http/session-store.ts';
import { type TestDatabase, testDatabase } from '../support/engine.ts';
import { ask, Browser, type WebWorld, webWorld } from '../support/web-world.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await testDatabase(inject('mongodbUri'));
  database = await connectDatabase({ uri: test.uri });
  await database.ensureIndexes(allDefinitions);
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

async function start(): Promise<WebWorld> {
  const client = database.connection.getClient();
  return await webWorld(
    { sessionStore: createSessionStore(client, test.name) },
    createMongoStore(database.connection),
  );
}

describe('over the database', () => {
  it('a session, a token and a used key outlive a restart; a sign-out does too', async () => {
    const first = await start();
    const { code } = await first.personOf('manager');
    const token = await first.tokenOf('user');
    const say = (world: WebWorld, text: string) =>
      ask(`${world.url}/api/operations/echo.say`, {
        token,
        json: { text },
        headers: { 'idempotency-key': 'k' },
      });
    const browser = new Browser(first.url);
    await browser.signIn(code);
    await say(first, 'mine');
    await first.close();
    const second = await start();
    const again = new Browser(second.url);
    for (const [name, value] of browser.cookies) again.cookies.set(name, value);

    expect((await again.get('/admin/echo')).status).toBe(200);
    expect((await say(second, 'mine')).status).toBe(200);
    expect((await say(second, 'other')).status).toBe(409);
    expect((await new Browser(second.url).signIn(code)).status).toBe(401);
    await again.post('/admin/logout', { _csrf: await again.csrf() });
    for (const [name, value] of browser.cookies) again.cookies.set(name, value);
    expect((await again.get('/admin/echo')).status).toBe(303);
    await second.close();
  });

  it('keeps the message of a form whose fields are named like operators', async () => {
    const world = await start();
    const browser = new Browser(world.url);
    await browser.signIn((await world.personOf('user')).code);
    const form = {
      _csrf: await browser.csrf(),
      _back: '/admin/echo',
      'a.b': '1',
      $where: '1',
      'x.$gt.': '2',
    };
    await browser.post('/admin/operations/echo.say', form);

    expect((await browser.get('/admin/echo')).text).toContain('role="alert"');
    await world.close();
  });

  it('makes the first owner once, whoever presses', async () => {
    const world = await start();
    const code = (await world.people.ensureOwnerLink())?.url.split('/login/')[1] ?? '';
    const answers = await Promise.all(
      [1, 2, 3, 4].map(() => new Browser(world.url).signIn(code, { name: 'Meera' })),
    );

    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 401, 401, 401]);
    expect(await world.people.ensureOwnerLink()).toBeNull();
    await world.close();
  });
});
