import { findProgram } from './findProgram';

/** Returns the folder of PostgreSQL's programs. */
const installedPostgres = (): string | undefined => findProgram('postgres');
