import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { inspect } from 'node:util';
import {
  IsIn,
  IsInt,
  IsIP,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateIf,
  validateSync,
} from 'class-validator';

/** The folder of this clone: settings.ts stands in <clone>/config, its compiled form in <clone>/config/dist. */
export const cloneDir = resolve(__dirname, basename(__dirname) === 'dist' ? '../..' : '..');

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const services: readonly string[] = ['intake', 'engine', 'notifier', 'gateway'];
const isSet = (_: unknown, value: unknown): boolean => value !== null && value !== undefined;
/** Services are handed these by the supervisor; the supervisor and the command line can do without. */
const isNeeded = (settings: Settings, value: unknown): boolean =>
  services.includes(settings.app) || isSet(settings, value);
const port = { message: 'must be a port from 0 to 65535 (0: a free one)' };
const postgres = { message: 'must be a postgres:// or postgresql:// URL' };
const redis = { message: 'must be a redis:// or rediss:// URL' };
const web = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** What every process knows; each app's class adds what it alone needs. Empty variables count as unset. */
export class Settings {
  readonly app: AppName;
  /** TOCSIN_DATA, absolute; the default lies in the clone, a relative path in the working directory. */
  @IsString() readonly dataDir: string;
  /** TOCSIN_CONFIG, absolute: folder of the unit's YAML. */
  @IsString() readonly configDir: string;
  @ValidateIf(isNeeded) @Matches(/^postgres(ql)?:\/\/./, postgres) readonly databaseUrl: string | null;
  /** Role that owns the tables; null where one role does everything. */
  @ValidateIf(isSet) @Matches(/^postgres(ql)?:\/\/./, postgres) readonly databaseMigrationUrl: string | null;
  /** null: run without Redis, on the sweepers alone. */
  @ValidateIf(isSet) @Matches(/^rediss?:\/\/./, redis) readonly redisUrl: string | null;
  @IsIP(undefined, { message: 'must be an IP address' }) readonly bindAddress: string;
  @ValidateIf(isNeeded) @MinLength(16, { message: 'must have 16 characters or more' }) readonly secret: string | null;
  /** Address under which people reach the console, without a slash at its end; null: the gateway's own. */
  @ValidateIf(isSet) @IsUrl(web, { message: 'must be an http:// or https:// URL' }) readonly publicUrl: string | null;
  @ValidateIf(isSet)
  @Matches(/^smtps?:\/\/./, { message: 'must be an smtp:// or smtps:// URL' })
  readonly smtpUrl: string | null;
  @ValidateIf(isSet)
  @Matches(/^(mqtts?|wss?):\/\/./, { message: 'must be an mqtt:// or mqtts:// URL' })
  readonly mqttUrl: string | null;
  /** Hosts (`name` or `name:port`) that webhooks may reach although they are private addresses. */
  @IsString({ each: true }) readonly allowHosts: readonly string[];
  @IsIn(logLevels, { message: `must be one of ${logLevels.join(', ')}` }) readonly logLevel: (typeof logLevels)[number];
  @IsInt(port) @Min(0, port) @Max(65535, port) readonly gatewayPort: number;
  @IsInt(port) @Min(0, port) @Max(65535, port) readonly intakePort: number;
  @IsInt(port) @Min(0, port) @Max(65535, port) readonly dc09Port: number;
  @IsInt(port) @Min(0, port) @Max(65535, port) readonly enginePort: number;
  @IsInt(port) @Min(0, port) @Max(65535, port) readonly notifierPort: number;

  /** This process's own HTTP port. */
  get port(): number {
    const ports = {
      gateway: this.gatewayPort,
      intake: this.intakePort,
      engine: this.enginePort,
      notifier: this.notifierPort,
    };
    return this.app in ports ? ports[this.app as keyof typeof ports] : 0;
  }

  /** What may be printed: secrets and the passwords of URLs as ***. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).map(([name, value]) => [name, masked(name, value)]));
  }

  [inspect.custom](): string {
    return `${this.constructor.name} ${inspect(this.toJSON())}`;
  }
}

/** The four services: what the supervisor hands them is never null. */
class ServiceSettings extends Settings {
  declare readonly databaseUrl: string;
  declare readonly secret: string;
}

export class IntakeSettings extends ServiceSettings {}
export class EngineSettings extends ServiceSettings {}
export class NotifierSettings extends ServiceSettings {}
export class GatewaySettings extends ServiceSettings {}

/** null: the supervisor prepares a PostgreSQL, and keeps the secret in TOCSIN_DATA/secret. */
export class SupervisorSettings extends Settings {}

/** The command line fills what the environment lacks from TOCSIN_DATA/run.json and TOCSIN_DATA/secret. */
export class CliSettings extends Settings {}

const classes = {
  intake: IntakeSettings,
  engine: EngineSettings,
  notifier: NotifierSettings,
  gateway: GatewaySettings,
  supervisor: SupervisorSettings,
  cli: CliSettings,
};
export type AppName = keyof typeof classes;
export type SettingsOf = { [A in AppName]: InstanceType<(typeof classes)[A]> };

/** Each variable of the environment and the field that it fills; a spec compares config/example.env with it. */
export const variables: Readonly<Record<string, string>> = {
  TOCSIN_DATA: 'dataDir',
  TOCSIN_CONFIG: 'configDir',
  GATEWAY_PORT: 'gatewayPort',
  INTAKE_PORT: 'intakePort',
  DC09_PORT: 'dc09Port',
  ENGINE_PORT: 'enginePort',
  NOTIFIER_PORT: 'notifierPort',
  BIND_ADDRESS: 'bindAddress',
  PUBLIC_URL: 'publicUrl',
  DATABASE_URL: 'databaseUrl',
  DATABASE_MIGRATION_URL: 'databaseMigrationUrl',
  REDIS_URL: 'redisUrl',
  MQTT_URL: 'mqttUrl',
  SMTP_URL: 'smtpUrl',
  TOCSIN_SECRET: 'secret',
  WEBHOOK_ALLOW_HOSTS: 'allowHosts',
  LOG_LEVEL: 'logLevel',
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** All faults of one environment at once, a line each. */
export class SettingsFault extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`Settings that cannot be used:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * Reads, validates and freezes the settings of one app.
 * @throws SettingsFault naming every faulty variable; the values of secrets are not repeated.
 */
export function loadSettings<A extends AppName>(app: A, env: Environment = process.env): SettingsOf[A] {
  const settings = Object.assign(new classes[app](), { app }, fields(env));
  if (app === 'cli') Object.assign(settings, leftByStart(settings));
  const faults = validateSync(settings, { stopAtFirstError: true }).map(({ property, value, constraints }) => {
    const name = Object.keys(variables).find((variable) => variables[variable] === property) ?? property;
    const given = isSet(null, value) ? `, not ${JSON.stringify(masked(property, env[name] ?? value))}` : '';
    return `${name} ${Object.values(constraints ?? {})[0]}${given}`;
  });
  if (faults.length > 0) throw new SettingsFault(faults);
  return Object.freeze(settings) as SettingsOf[A];
}

/** The environment that a child process inherits. */
export function inheritedEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env };
}

/** TOCSIN_DATA/run.json: where everything runs. `postgres` is the owner's URL, `postgresApp` the one of the services. */
export interface RunFile {
  postgres: string;
  postgresApp: string;
  redis: string | null;
  services: Record<string, { pid: number; url: string }>;
}

/** @returns what a start wrote, or null when nothing was started with this folder. */
export function readRunFile(dataDir: string): RunFile | null {
  const text = readIfThere(join(dataDir, 'run.json'));
  return text === null ? null : (JSON.parse(text) as RunFile);
}

function fields(env: Environment): Record<string, unknown> {
  const text = (name: string): string | null => env[name]?.trim() || null;
  const number = (name: string, otherwise: number): number => {
    const given = text(name);
    if (given === null) return otherwise;
    return /^\d{1,6}$/.test(given) ? Number(given) : Number.NaN;
  };
  return {
    dataDir: resolve(text('TOCSIN_DATA') ?? join(cloneDir, 'var')),
    configDir: resolve(text('TOCSIN_CONFIG') ?? join(cloneDir, 'config', 'islamabad')),
    databaseUrl: text('DATABASE_URL'),
    databaseMigrationUrl: text('DATABASE_MIGRATION_URL'),
    redisUrl: text('REDIS_URL'),
    bindAddress: text('BIND_ADDRESS') ?? '127.0.0.1',
    secret: text('TOCSIN_SECRET'),
    publicUrl: text('PUBLIC_URL')?.replace(/\/+$/, '') ?? null,
    smtpUrl: text('SMTP_URL'),
    mqttUrl: text('MQTT_URL'),
    allowHosts: (text('WEBHOOK_ALLOW_HOSTS') ?? '').split(/[\s,]+/).filter(Boolean),
    logLevel: text('LOG_LEVEL') ?? 'info',
    gatewayPort: number('GATEWAY_PORT', 4100),
    intakePort: number('INTAKE_PORT', 4101),
    dc09Port: number('DC09_PORT', 4109),
    enginePort: number('ENGINE_PORT', 0),
    notifierPort: number('NOTIFIER_PORT', 0),
  };
}

function leftByStart(settings: Settings): Partial<Settings> {
  const run = readRunFile(settings.dataDir);
  return {
    databaseUrl: settings.databaseUrl ?? run?.postgres ?? null,
    redisUrl: settings.redisUrl ?? run?.redis ?? null,
    secret: settings.secret ?? (readIfThere(join(settings.dataDir, 'secret'))?.trim() || null),
  };
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

function masked(field: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (/secret$/i.test(field)) return '***';
  return value.replace(/^(\w+:\/\/[^:/?#@]*):[^@]*@/, '$1:***@');
}
