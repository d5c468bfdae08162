/** What the help of `completion` says after its options. */
export const COMPLETION_HELP = `
Examples:
  source <(rangefinder completion bash)
  rangefinder completion bash > /etc/bash_completion.d/rangefinder
  rangefinder completion zsh > ~/.zfunc/_rangefinder
  rangefinder completion fish > ~/.config/fish/completions/rangefinder.fish
  rangefinder completion --json | jq -r '.commands[].name'

For zsh the folder has to be in $fpath before compinit runs. A script is whole:
it starts no program. Releases and revisions are not completed.`;
