/** MongoDB's unified test format as far as this runner reads it, and how its files are found. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { BSON, type Document } from 'mongodb';

export type Requirement = {
  minServerVersion?: string;
  maxServerVersion?: string;
  topologies?: string[];
  serverless?: string;
  auth?: boolean;
  serverParameters?: Document;
};

export type Operation = {
  name: string;
  object: string;
  arguments?: Document;
  expectResult?: unknown;
  expectError?: Document;
  saveResultAsEntity?: string;
  ignoreResultAndError?: boolean;
};

export type CollectionData = {
  databaseName: string;
  collectionName: string;
  documents: Document[];
  createOptions?: Document;
};

export type ExpectedEvents = {
  client: string;
  eventType?: string;
  events: Document[];
  ignoreExtraEvents?: boolean;
};

export type UnifiedTest = {
  description: string;
  operations: Operation[];
  runOnRequirements?: Requirement[];
  skipReason?: string;
  expectEvents?: ExpectedEvents[];
  outcome?: CollectionData[];
};

export type UnifiedFile = {
  description: string;
  schemaVersion: string;
  tests: UnifiedTest[];
  runOnRequirements?: Requirement[];
  createEntities?: Document[];
  initialData?: CollectionData[];
};

export type TestFile = { suite: string; name: string; content: UnifiedFile };

/**
 * The unified test files under a folder, in the order of their names; a suite is called after its folder.
 * https://github.com/mongodb/specifications/blob/master/source/unified-test-format/unified-test-format.md
 */
export function readFiles(folder: string): TestFile[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort();
  return paths.flatMap((path) => {
    const content = BSON.EJSON.parse(readFileSync(join(folder, path), 'utf8')) as Partial<UnifiedFile>;
    if (content.schemaVersion === undefined || content.tests === undefined) return [];
    const suite = suiteOf(dirname(path), folder);
    return [{ suite, name: basename(path, '.json'), content: content as UnifiedFile }];
  });
}

function suiteOf(directory: string, folder: string): string {
  const name = directory.split('/').findLast((part) => part !== 'unified' && part !== 'tests');
  return name === undefined || name === '.' ? basename(folder) : name;
}
