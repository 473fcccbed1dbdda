// What the environment says of the program itself: its address, its database, its keys and its beat.
import type { ProcessRole } from './config-readers.ts';
import * as read from './config-readers.ts';
import { optional, text, type Variable } from './config-variable.ts';

export const programVariables = {
  PORT: {
    read: read.port,
    preset: 3000,
    written: '3000',
    meaning: 'Port of the web server; 0 takes a free one.',
  },
  HOST: {
    read: text,
    preset: '127.0.0.1',
    written: '127.0.0.1',
    meaning: 'Address the web server listens on.',
  },
  PUBLIC_URL: {
    read: optional(read.publicUrl),
    preset: undefined,
    written: '',
    meaning:
      'The address people use, such as https://ops.example.com. Decides cookie names, Secure and links.',
  },
  TRUST_PROXY: {
    read: read.trustProxy,
    preset: false as const,
    written: 'off',
    meaning: 'Proxies in front: off, a number of hops, or addresses as in Express “trust proxy”.',
  },
  DATA_DIR: {
    read: text,
    preset: '.data',
    written: '.data',
    meaning: 'Folder for keys and the embedded database.',
  },
  MONGODB_URI: {
    read: optional(read.mongodbUri),
    preset: undefined,
    written: '',
    meaning: 'A MongoDB replica set to use instead of the embedded database; a wrong one is an error.',
    secret: true,
  },
  MONGODB_POOL_SIZE: {
    read: read.whole(1, 1000),
    preset: 20,
    written: '20',
    meaning: 'Connections to the database that one process may hold.',
  },
  MONGOD_BINARY: {
    read: optional(),
    preset: undefined,
    written: '',
    meaning: 'A mongod to start in DATA_DIR instead of the embedded engine.',
  },
  ROLES: {
    read: read.rolesOf,
    preset: ['web', 'bots', 'jobs'] as readonly ProcessRole[],
    written: 'web,bots,jobs',
    meaning: 'What this process does; fewer than all three need MONGODB_URI.',
  },
  APP_ENV: {
    read: read.environment,
    preset: 'sandbox' as 'sandbox' | 'production',
    written: 'sandbox',
    meaning: 'sandbox or production; FREE11_ENV is read when this is unset.',
  },
  ALLOW_EMBEDDED_IN_PRODUCTION: {
    read: read.flag,
    preset: false,
    written: 'no',
    meaning: 'Lets the embedded database run with APP_ENV=production.',
  },
  BUSINESS_TIMEZONE: {
    read: read.zone,
    preset: 'Asia/Kolkata',
    written: 'Asia/Kolkata',
    meaning: 'IANA zone that days and times are shown and composed in.',
  },
  LOG_LEVEL: {
    read: read.logLevel,
    preset: 'info',
    written: 'info',
    meaning: 'trace, debug, info, warn, error or silent.',
  },
  SECRET_KEY: {
    read: optional(read.secretKey),
    preset: undefined,
    written: 'made and kept in DATA_DIR on a first start',
    meaning: 'Signs sessions and the audit chain; at least 32 characters. Must be given with MONGODB_URI.',
    secret: true,
  },
  OUTBOUND_ALLOW: {
    read: read.networks,
    preset: [] as readonly string[],
    written: '',
    meaning:
      'Private networks that endpoints set by staff may lead to, such as 10.1.0.0/16,fd00::/8. Others are refused.',
  },
  PROTOCOL_EVERY: {
    read: read.protocolEvery,
    preset: 2 * 60 * 60 * 1000,
    written: '2 hours',
    meaning: 'Length of a protocol slot; divides a day evenly, from 1 minute to 1 day.',
  },
} as const satisfies Record<string, Variable<never> | Variable<unknown>>;
