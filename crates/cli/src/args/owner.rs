//! Arguments of `organisation` and `user`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub struct OrganisationArgs {
    #[command(subcommand)]
    pub command: OrganisationCommand,
}

#[derive(Subcommand)]
pub enum OrganisationCommand {
    /// 組織と、その最初の管理者を登録し、管理者がパスワードを決める番地を示す
    Add(OrganisationAddArgs),
}

#[derive(Args)]
pub struct OrganisationAddArgs {
    /// 設定のファイル（serve と同じもの）
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// 組織の名前
    #[arg(long)]
    pub name: String,
    /// 組織の種類（provider 対象事業者、institution 医療機関等、subcontractor 委託先、auditor 監査機関）
    #[arg(long, default_value = "provider")]
    pub kind: String,
    /// 管理者の氏名
    #[arg(long, value_name = "NAME")]
    pub administrator: String,
    /// 管理者のログインID
    #[arg(long, value_name = "ID")]
    pub sign_in: String,
}

#[derive(Args)]
pub struct UserArgs {
    #[command(subcommand)]
    pub command: UserCommand,
}

#[derive(Subcommand)]
pub enum UserCommand {
    /// 組織ごとの利用者と役割を示す
    List(UserListArgs),
    /// ログインできなくなった人のパスワードと二つ目の認証を止め、決め直す番地を示す
    Reset(UserResetArgs),
}

#[derive(Args)]
pub struct UserListArgs {
    /// 設定のファイル（serve と同じもの）
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Args)]
pub struct UserResetArgs {
    /// 設定のファイル（serve と同じもの）
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// ログインID
    pub sign_in: String,
    /// 本人確認の方法と理由（証跡に残る）
    #[arg(long)]
    pub reason: String,
}
