/** What an engine says of one of its containers; the fields that are read. */
export interface InspectedContainer {
  readonly Id: string;
  readonly Image: string;
  readonly Created: string;
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly OOMKilled?: boolean;
    readonly Error?: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: {
    readonly Image: string;
    readonly Tty?: boolean;
    readonly Labels?: Readonly<Record<string, string>>;
  };
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, { readonly IPAddress?: string; readonly Gateway?: string }>> | null;
  };
}

export interface ListedContainer {
  readonly Id: string;
  readonly State: string;
  readonly Labels?: Readonly<Record<string, string>>;
}

export interface InspectedImage {
  readonly Id: string;
  readonly Size: number;
  readonly RepoDigests?: readonly string[] | null;
  readonly RepoTags?: readonly string[] | null;
  readonly Config?: { readonly User?: string; readonly Entrypoint?: readonly string[] | null } | null;
}

/** `GET /info`, as far as a node is described by it. */
export interface EngineInfo {
  readonly NCPU: number;
  readonly MemTotal: number;
  readonly KernelVersion: string;
  readonly OperatingSystem: string;
  readonly OSVersion?: string;
  readonly Architecture: string;
  readonly ServerVersion: string;
  readonly MemoryLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly CPUShares?: boolean;
  readonly SwapLimit?: boolean;
  readonly Rootless?: boolean;
  readonly SecurityOptions?: readonly string[] | null;
}

export interface EngineVersion {
  readonly Version: string;
  readonly ApiVersion: string;
  readonly Components?: readonly { readonly Name: string }[];
}

export interface InspectedNetwork {
  readonly Name: string;
  readonly Id: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
  readonly IPAM?: { readonly Config?: readonly { readonly Subnet?: string; readonly Gateway?: string }[] | null };
}

export interface ContainerSample {
  readonly cpu_stats?: { readonly cpu_usage?: { readonly total_usage?: number } };
  readonly memory_stats?: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
}
