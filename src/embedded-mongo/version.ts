/** Which MongoDB the engine answers like, and how it names itself. */

/** Drivers and mongodb-memory-server read this version. */
export const EMULATED_VERSION = '7.0.14';

/** serverStatus, buildInfo and the log name the engine so that nobody takes it for a mongod. */
export const ENGINE_NAME = 'embedded-mongo';
