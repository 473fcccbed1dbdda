/** One database server for the whole suite: TEST_MONGODB_URI, or an engine of the suite's own. */
import type {} from 'vitest';
import type { TestProject } from 'vitest/node';
import { buildWhenStale, startTestEngine, type TestEngine } from './engine.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's address, without a database. */
    mongodbUri: string;
  }
}

let engine: TestEngine | undefined;

export async function setup(project: TestProject): Promise<void> {
  buildWhenStale();
  const given = process.env['TEST_MONGODB_URI'];
  if (given === undefined) engine = await startTestEngine(['--setParameter', 'enableTestCommands=1']);
  project.provide('mongodbUri', given ?? engine?.uri ?? '');
}

export async function teardown(): Promise<void> {
  await engine?.remove();
}
