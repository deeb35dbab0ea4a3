{{/* A rule for outgoing connections to a dependency. Takes `to`, `ports` and optionally `protocols`. */}}
{{- define "customer-gateway.egressRule" -}}
{{- $protocols := .protocols | default (list "TCP") -}}
- ports:
    {{- range $port := .ports }}
    {{- range $protocols }}
    - protocol: {{ . }}
      port: {{ $port }}
    {{- end }}
    {{- end }}
  {{- with .to }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/*
Outgoing connections to public addresses on any port: a partner chooses the address of its endpoint. The gateway itself refuses
addresses that are not public (docs/security.md); the policy refuses the ranges that private networks use.
*/}}
{{- define "customer-gateway.webhookEgress" -}}
- to:
    - ipBlock:
        cidr: 0.0.0.0/0
        {{- if not .privateAllowed }}
        except:
          - 0.0.0.0/8
          - 10.0.0.0/8
          - 100.64.0.0/10
          - 127.0.0.0/8
          - 169.254.0.0/16
          - 172.16.0.0/12
          - 192.168.0.0/16
          - 198.18.0.0/15
          - 224.0.0.0/3
        {{- end }}
    - ipBlock:
        cidr: {{ ternary "::/0" "2000::/3" .privateAllowed }}
{{- end }}

{{/* What a component connects to. Takes `root` and `component`. */}}
{{- define "customer-gateway.egress" -}}
{{- $policy := .root.Values.networkPolicy -}}
{{- $settings := .root.Values.settings }}
{{ include "customer-gateway.egressRule" (merge (dict "protocols" (list "UDP" "TCP")) $policy.dns) }}
{{ include "customer-gateway.egressRule" $policy.database }}
{{- if ne .component "migrate" }}
{{- if or $settings.OTEL_EXPORTER_OTLP_ENDPOINT $settings.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT }}
{{ include "customer-gateway.egressRule" $policy.collector }}
{{- end }}
{{- end }}
{{- if eq .component "gateway" }}
{{- if .root.Values.secrets.REDIS_URL }}
{{ include "customer-gateway.egressRule" $policy.redis }}
{{- end }}
{{- if $settings.JWT_JWKS_URL }}
{{ include "customer-gateway.egressRule" $policy.issuer }}
{{- end }}
{{- end }}
{{- if eq .component (ternary "worker" "gateway" .root.Values.worker.enabled) }}
{{- $private := $settings.WEBHOOK_ALLOW_PRIVATE | default "off" | toString }}
{{ include "customer-gateway.webhookEgress" (dict "privateAllowed" (has $private (list "on" "true"))) }}
{{- end }}
{{- end }}
