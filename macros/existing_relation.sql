{#- What a model of ours, or a table of schema raw, was left as by an earlier run, else none. Facts are asked for what they
    hold by name, not by ref(), where a ref() would be a circle: what to rebuild depends on what was built. -#}
{%- macro existing_relation(name) -%}
    {%- set node = graph.nodes['model.ai_unit_economics.' ~ name] or graph.sources['source.ai_unit_economics.raw.' ~ name]
        if execute -%}
    {{ return(adapter.get_relation(node.database, node.schema, node.identifier or node.alias) if node else none) }}
{%- endmacro -%}
